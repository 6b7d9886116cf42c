"""What searches give: frozen values that are read of the contract's JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, overload

Retriever = Literal["ngram", "docid", "dense", "bm25"]
Precision = Literal["float32", "float16", "bfloat16", "int8"]
Json = Mapping[str, Any]


class SearchOptions(TypedDict, total=False):
    """Options of a search beside those that have parameters of their own."""

    where: str
    facets: Sequence[str]
    max_text_length: int
    depth: int
    fusion: Literal["weighted", "rrf"]
    encode: int
    rerank_weights: Mapping[str, float]
    feedback: Mapping[str, Any]
    ngram: Mapping[str, Any]
    docid: Mapping[str, Any]
    dense: Mapping[str, Any]
    bm25: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Document:
    """A passage to index. ``fields`` are what else is known of it, to filter by."""

    id: str
    text: str
    title: str = ""
    fields: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Passage:
    id: str
    title: str
    text: str
    fields: Json = field(default_factory=dict)

    @classmethod
    def _of(cls, json: Json) -> Passage:
        return cls(json["docid"], json["title"], json["text"], json.get("fields") or {})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a snippet."""

    text: str
    is_match: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a passage's text around what was found."""

    text: str
    pieces: tuple[Piece, ...]

    def marked(self, before: str, after: str) -> str:
        """The text with marks around what was found."""
        return "".join(before + piece.text + after if piece.is_match else piece.text for piece in self.pieces)

    def __str__(self) -> str:
        return self.text

    @classmethod
    def _of(cls, json: Json) -> Snippet:
        return cls(json["text"], tuple(Piece(run["text"], run.get("isMatch", False)) for run in json["runs"]))


@dataclass(frozen=True, slots=True)
class Part:
    """What a retriever, or reranking, added to a score. ``rank`` is None below the end of the retriever's list."""

    name: str
    contribution: float
    rank: int | None = None
    score: float | None = None
    weight: float | None = None

    @classmethod
    def _of(cls, json: Json, name: str | None = None) -> Part:
        return cls(
            name if name is not None else json["name"], json["contribution"], json.get("rank"), json.get("score"),
            json.get("weight"))  # fmt: skip


Spans = tuple[tuple[int, int], ...]


def _spans(json: Json, member: str) -> Spans:
    return tuple((start, end) for start, end in json.get("spans", {}).get(member, ()))


@dataclass(frozen=True, slots=True)
class Key:
    """An n-gram that was generated for the query and stands in the passage. Spans count characters, as slices do."""

    text: str
    kind: str
    count: int
    log_prob: float
    weight: float
    coverage: float
    occurrences: int
    title_spans: Spans
    text_spans: Spans

    @classmethod
    def _of(cls, json: Json) -> Key:
        return cls(
            json["text"], json["kind"], json["count"], json["logProb"], json["weight"], json["coverage"],
            json["occurrences"], _spans(json, "title"), _spans(json, "text"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the query as BM25 counts it."""

    term: str
    idf: float
    contribution: float
    title_spans: Spans
    text_spans: Spans

    @classmethod
    def _of(cls, json: Json) -> Term:
        return cls(json["term"], json["idf"], json["contribution"], _spans(json, "title"), _spans(json, "text"))


@dataclass(frozen=True, slots=True)
class DocidLevel:
    """A token of a docid, and the likeliest of those that were not taken."""

    token: int
    log_prob: float
    below: int | None
    title: str | None
    others: tuple[DocidLevel, ...]

    @classmethod
    def _of(cls, json: Json) -> DocidLevel:
        others = tuple(cls._of(other) for other in json.get("others") or ())
        return cls(json["token"], json["logProb"], json.get("below"), json.get("title"), others)


@dataclass(frozen=True, slots=True)
class DocidPath:
    scheme: str
    levels: tuple[DocidLevel, ...]
    text: str | None = None

    @classmethod
    def _of(cls, json: Json) -> DocidPath:
        return cls(json["scheme"], tuple(DocidLevel._of(level) for level in json["levels"]), json.get("text"))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a passage has, or would have, its score. ``raw`` is all of it, as the contract has it."""

    score: float
    parts: tuple[Part, ...]
    keys: tuple[Key, ...]
    docid: DocidPath | None
    terms: tuple[Term, ...]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def _of(cls, json: Json) -> Explanation:
        return cls(
            json["score"]["total"],
            tuple(Part._of(part) for part in json["score"]["parts"]),
            tuple(Key._of(key) for key in json.get("keys") or ()),
            DocidPath._of(json["docid"]) if json.get("docid") else None,
            tuple(Term._of(term) for term in json.get("terms") or ()),
            json,
        )


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found; ``rank`` is from 1."""

    rank: int
    id: str
    score: float
    title: str
    text: str
    snippet: Snippet
    fields: Json
    retrievers: Mapping[str, Part]
    explanation: Explanation | None

    @classmethod
    def _of(cls, json: Json) -> Hit:
        text = json.get("text", "")
        snippet = json.get("snippet") or {"text": text, "runs": [{"text": text}]}
        return cls(
            json["rank"],
            json["docid"],
            json["score"],
            json.get("title", ""),
            text,
            Snippet._of(snippet),
            json.get("fields") or {},
            {name: Part._of(part, name) for name, part in (json.get("retrievers") or {}).items()},
            Explanation._of(json["explanation"]) if json.get("explanation") else None,
        )


@dataclass(frozen=True, slots=True)
class Facet:
    """How often the values of a field occur among what was found."""

    field: str
    passages: int
    values: tuple[tuple[Any, int], ...]

    @classmethod
    def _of(cls, json: Json) -> Facet:
        return cls(json["field"], json["passages"], tuple((item["value"], item["count"]) for item in json["values"]))


@dataclass(frozen=True, slots=True)
class Hits(Sequence[Hit]):
    """What a search found, the best first. ``notes`` say what did not run, and why."""

    hits: tuple[Hit, ...]
    generation: str
    notes: tuple[str, ...]
    facets: tuple[Facet, ...]
    milliseconds: float
    timings: Mapping[str, float]

    @overload
    def __getitem__(self, place: int) -> Hit: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Hit]: ...
    def __getitem__(self, place: int | slice) -> Hit | Sequence[Hit]:
        return self.hits[place]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    @classmethod
    def _of(cls, json: Json) -> Hits:
        return cls(
            tuple(Hit._of(candidate) for candidate in json["candidates"]),
            json["generation"],
            tuple(json["notes"]),
            tuple(Facet._of(facet) for facet in json.get("facets") or ()),
            json["milliseconds"],
            json["timings"],
        )


@dataclass(frozen=True, slots=True)
class Ranked:
    """A text that was ordered for a query; ``index`` is its place among those that were given."""

    index: int
    text: str
    relevance: float
    score: float


@dataclass(frozen=True, slots=True)
class Change:
    """What a change of an index did; ``passages`` and ``generation`` are those after it."""

    generation: str
    passages: int
    added: int
    replaced: int
    deleted: int
    compacted: int
    seconds: float

    @classmethod
    def _of(cls, json: Json) -> Change:
        return cls(**{name: json[name] for name in cls.__slots__})


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds and how it answers."""

    name: str
    passages: int
    tokens: int
    generation: str
    retrievers: tuple[str, ...]
    weights: Mapping[str, float]
    rerank: int
    encoder: str | None
    fields: tuple[str, ...]
    examples: tuple[str, ...]
    notes: tuple[str, ...]

    @classmethod
    def _of(cls, json: Json) -> IndexInfo:
        return cls(
            json["index"], json["passages"], json["tokens"], json["generation"], tuple(json["retrievers"]), json["weights"],
            json["rerank"], json.get("encoder"), tuple(json["fields"]), tuple(json["examples"]), tuple(json["notes"]))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a build stands. ``fraction`` is of the stage, None while that cannot tell."""

    stage: str
    fraction: float | None
    count: int
    unit: str
    seconds: float
    seconds_left: float | None
    is_finished: bool
    detail: str | None

    @classmethod
    def _of(cls, json: Json) -> Progress:
        return cls(
            json["stage"], json.get("fraction"), json["count"], json["unit"], json["seconds"], json.get("left"),
            json["isFinished"], json.get("detail"))  # fmt: skip
