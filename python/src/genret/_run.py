"""Runs: what many queries found, in the shape that tools of evaluation read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from math import floor, isfinite
from struct import pack, unpack
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas
    import ranx


def _single(value: float) -> float:
    """The nearest number in single precision."""
    result: float = unpack("<f", pack("<f", value))[0]
    return result


def _next_below(value: float) -> float:
    """The next smaller number in single precision."""
    (bits,) = unpack("<i", pack("<f", value))
    if bits == 0:
        bits = -0x80000000
    result: float = unpack("<f", pack("<i", bits - 1 if bits > 0 else bits + 1))[0]
    return result


def falling_scores(ranking: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """Scores with six decimals whose order is the ranking's, for tools that order by score.

    They are those that ``genret search`` writes: ties stay ties only where a tool that puts the greater id first
    keeps the order; else the score becomes the next smaller one that is another number in single precision, too.
    """
    written: list[tuple[str, float]] = []
    before: tuple[bytes, float] | None = None
    for id, raw in ranking:
        score, name = _single(raw), id.encode()
        if not isfinite(score):
            raise ValueError(f"the score of {id} is no number")
        millionths = _rounded(score * 1e6)
        if before is not None:
            behind, last = before

            def fits(millionths: int, name: bytes = name, behind: bytes = behind, last: float = last) -> bool:
                value = millionths / 1e6
                for left, right in ((last, value), (_single(last), _single(value))):
                    if left < right or (left == right and not name < behind):
                        return False
                return True

            if not fits(millionths):
                # The tie itself may do, with a smaller id; else the next smaller single.
                millionths = _rounded(last * 1e6)
                if not fits(millionths):
                    millionths = floor(_next_below(_single(last)) * 1e6)
                    while not fits(millionths):
                        millionths -= 1
        value = millionths / 1e6
        written.append((id, value))
        before = (name, value)
    return written


def _rounded(value: float) -> int:
    """The nearest whole number, halves away from zero."""
    return int(value + 0.5) if value >= 0 else -int(-value + 0.5)


class Run(dict[str, dict[str, float]]):
    """The passages and scores of queries: ``{query id: {passage id: score}}``, the best first.

    pytrec_eval, ranx, ir-measures and BEIR take it as it is. Scores fall strictly wherever a tool would order otherwise.
    ``raw`` has them as they were, ``empty`` the queries without anything to search for, which are not in the run.
    """

    def __init__(self, rankings: Mapping[str, Iterable[tuple[str, float]]], empty: Iterable[str] = ()) -> None:
        super().__init__()
        self.raw: dict[str, dict[str, float]] = {}
        self.empty: tuple[str, ...] = tuple(empty)
        for query, ranking in rankings.items():
            pairs = list(ranking)
            self.raw[query] = dict(pairs)
            self[query] = dict(falling_scores(pairs))

    def __reduce__(self) -> tuple[Any, ...]:
        return (Run, ({query: list(scores.items()) for query, scores in self.raw.items()}, self.empty))

    def to_frame(self, style: Literal["ir_measures", "pyterrier"] = "ir_measures") -> pandas.DataFrame:
        """A data frame: ``query_id, doc_id, score``, or PyTerrier's ``qid, docno, score, rank`` with ranks from 0."""
        import pandas

        query, passage = ("qid", "docno") if style == "pyterrier" else ("query_id", "doc_id")
        rows = [
            (id, docid, score, rank)
            for id, scores in self.items()
            for rank, (docid, score) in enumerate(scores.items())
        ]
        frame: pandas.DataFrame = pandas.DataFrame(rows, columns=[query, passage, "score", "rank"])
        if style == "ir_measures":
            del frame["rank"]
        return frame

    def to_ranx(self, name: str = "genret") -> ranx.Run:
        import ranx

        return ranx.Run(self, name=name)

    def write(self, path: str | os.PathLike[str], tag: str = "genret") -> None:
        """Writes a TREC run."""
        for name in (tag, *self, *(id for scores in self.values() for id in scores)):
            if not name or any(character.isspace() for character in name):
                raise ValueError(f"a TREC run cannot hold {name!r}, which is empty or has a space in it")
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            for query, scores in self.items():
                file.writelines(
                    f"{query} Q0 {docid} {rank} {score:.6f} {tag}\n"
                    for rank, (docid, score) in enumerate(scores.items(), 1)
                )
