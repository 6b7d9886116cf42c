"""What an index on this machine and one behind a server have in common."""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from ._corpus import Items, records
from ._errors import NotFound, UnavailableError
from ._run import Run
from ._types import Change, Explanation, Hits, IndexInfo, Passage, Query, Ranked, Retriever, SearchOptions

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray
    from typing_extensions import Unpack

#: Names of options in Python and in the contract, where they differ.
_TOP = {"where": "where", "facets": "facets", "max_text_length": "maxTextLength"}
_INSIDE = {"rerank_weights": "rerankWeights"}


def _request(
    options: Mapping[str, Any],
    retrievers: Sequence[Retriever] | None,
    weights: Mapping[Retriever, float] | None,
    rerank: int | None,
) -> dict[str, Any]:
    request: dict[str, Any] = {}
    inside: dict[str, Any] = {}
    for name, value in options.items():
        if name in _TOP:
            request[_TOP[name]] = value
        else:
            inside[_INSIDE.get(name, name)] = value
    if inside:
        request["options"] = inside
    if retrievers is not None:
        request["retrievers"] = list(retrievers)
    if weights is not None:
        request["weights"] = dict(weights)
    if rerank is not None:
        request["rerank"] = rerank
    return request


def _chunks(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


class Searcher(ABC):
    """Something that can be asked: an :class:`Index`, or a :class:`Client` of a server."""

    #: How many queries, ids or texts one call takes.
    _chunk = 1000
    #: How many of the best are reranked where nobody says; None: as the index has it.
    _rerank: int | None = None

    @abstractmethod
    def _call(self, method: str, request: Mapping[str, Any]) -> Any:
        """Answers a call of the contract."""

    @abstractmethod
    def close(self) -> None: ...

    # Searching

    def search(
        self,
        query: str,
        *,
        hits: int = 10,
        retrievers: Sequence[Retriever] | None = None,
        weights: Mapping[Retriever, float] | None = None,
        rerank: int | None = None,
        explain: bool = False,
        vector: Sequence[float] | None = None,
        **options: Unpack[SearchOptions],
    ) -> Hits:
        """The passages that answer a query, the best first.

        `vector` is the query's own, for an index whose vectors were imported; the query may be empty then.
        """
        request = _request(options, retrievers, weights, self._rerank if rerank is None else rerank)
        request |= {"query": query, "hits": hits, "explain": "full" if explain else "none", "offsets": "codepoints"}
        if vector is not None:
            request["vector"] = [float(x) for x in vector]
        return Hits._of(self._call("search", request))

    def batch_search(
        self,
        queries: Mapping[str, str] | Iterable[Query | tuple[str, str]],
        *,
        hits: int = 100,
        threads: int | None = None,
        retrievers: Sequence[Retriever] | None = None,
        weights: Mapping[Retriever, float] | None = None,
        rerank: int | None = None,
        **options: Unpack[SearchOptions],
    ) -> Run:
        """What many queries find, as tools of evaluation read it. Ctrl-C ends it."""
        request = _request(options, retrievers, weights, self._rerank if rerank is None else rerank) | {
            "hits": hits,
            "fields": [],
        }
        if threads is not None:
            request["threads"] = threads
        pairs = queries.items() if isinstance(queries, Mapping) else map(_pair, queries)
        listed = [{"id": str(id), "text": text} for id, text in pairs]
        rankings: dict[str, list[tuple[str, float]]] = {}
        empty: list[str] = []
        for chunk in _chunks(listed, self._chunk):
            answer = self._call("batch", request | {"queries": chunk})
            for result in answer["results"]:
                rankings[result["id"]] = [(found["docid"], found["score"]) for found in result["candidates"]]
            empty.extend(answer["empty"])
        return Run(rankings, empty)

    def explain(
        self,
        query: str,
        id: str,
        *,
        retrievers: Sequence[Retriever] | None = None,
        weights: Mapping[Retriever, float] | None = None,
        rerank: int | None = None,
        **options: Unpack[SearchOptions],
    ) -> Explanation:
        """Why a passage has its score for a query, also one that no search finds."""
        request = _request(options, retrievers, weights, self._rerank if rerank is None else rerank)
        request |= {"query": query, "docid": id, "offsets": "codepoints"}
        return Explanation._of(self._call("explain", request)["explanation"])

    # Passages

    def passage(self, id: str) -> Passage:
        """A passage; :class:`NotFound`, which is a KeyError, where there is none."""
        found = self.passages([id])[0]
        if found is None:
            raise NotFound(f'no passage has the id "{id}"', "unknown_docid", "id")
        return found

    def passages(self, ids: Iterable[str]) -> list[Passage | None]:
        """Passages in the order of their ids; None where there is none."""
        listed = list(ids)
        found: dict[str, Passage] = {}
        for chunk in _chunks(listed, self._chunk):
            for passage in self._call("passages", {"ids": chunk})["passages"]:
                found[passage["docid"]] = Passage._of(passage)
        return [found.get(id) for id in listed]

    def ids(self) -> Iterator[str]:
        """The ids of all passages, in the order of the index."""
        place: int | None = 0
        while place is not None:
            answer = self._call("ids", {"from": place, "limit": self._chunk})
            yield from answer["ids"]
            place = answer.get("next")

    def __len__(self) -> int:
        return self.info.passages

    def __bool__(self) -> bool:
        return True

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self.passages([id])[0] is not None

    def __iter__(self) -> Iterator[Passage]:
        """All passages, in the order of the index."""
        ids = list(self.ids())
        for chunk in _chunks(ids, self._chunk):
            yield from (passage for passage in self.passages(chunk) if passage is not None)

    # Models

    def encode(self, texts: Sequence[str], *, kind: Literal["query", "passage"] = "passage") -> NDArray[numpy.float32]:
        """The vectors of texts by the index's encoder, a row each, of length one."""
        listed = _texts(texts)
        try:
            import numpy
        except ImportError as error:
            raise UnavailableError("encode gives an array of numpy, which is not installed") from error
        rows: list[NDArray[numpy.float32]] = []
        for chunk in _chunks(listed, self._chunk):
            answer = self._call("encode", {"texts": chunk, "kind": kind, "encoding": "base64"})
            rows.extend(numpy.frombuffer(base64.b64decode(vector), "<f4") for vector in answer["vectors"])
        if not rows:
            return numpy.zeros((0, 0), numpy.float32)
        return numpy.stack(rows).astype(numpy.float32, copy=False)

    def rerank(self, query: str, texts: Sequence[str], *, method: str | None = None) -> list[Ranked]:
        """Texts, which need not be in the index, by how well they answer a query.

        ``method`` is a way to ask a language model, METHOD or METHOD:MODEL as ``genret rerank`` has them, such as "likelihood"; without it
        the index's own models are asked. A server has the methods that it was started with.
        """
        listed = _texts(texts)
        request: dict[str, Any] = {"query": query, "texts": listed}
        if method is not None:
            request["with"] = method
        results = self._call("rerank", request)["results"]
        return [Ranked(item["index"], listed[item["index"]], item["relevance"], item["score"]) for item in results]

    # Changing

    def add(self, passages: Items, *, replace: bool = False) -> Change:
        """Adds passages, all of them or none; ``replace`` puts them in the places of those of their ids."""
        return Change._of(self._call("add", {"passages": list(records(passages)), "replace": replace}))

    def delete(self, ids: Iterable[str] | None = None, *, where: str | None = None, lenient: bool = False) -> Change:
        """Deletes passages by their ids, or those whose fields are as ``where`` says.

        ``lenient`` passes over ids that are of no passage.
        """
        request: dict[str, Any] = {"lenient": lenient}
        if ids is not None:
            request["ids"] = _texts(ids)
        if where is not None:
            request["where"] = where
        return Change._of(self._call("delete", request))

    def compact(self, *, all: bool = False) -> Change:
        """Joins small segments and leaves deleted passages out of files."""
        return Change._of(self._call("compact", {"all": all}))

    # What it is

    @property
    def info(self) -> IndexInfo:
        """What the index holds and how it answers."""
        return IndexInfo._of(self._call("info", {}))


def _pair(query: Query | tuple[str, str]) -> tuple[str, str]:
    return (query.id, query.text) if isinstance(query, Query) else (query[0], query[1])


def _texts(texts: Iterable[str]) -> list[str]:
    """A list of texts; a text alone, which is an iterable of texts as well, is a mistake."""
    if isinstance(texts, str):
        raise TypeError("give a list of texts, and not a text")
    return list(texts)
