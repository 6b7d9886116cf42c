"""Search that generates the identifiers of its answers.

>>> import genret
>>> with genret.Index.open("notes.genret") as index:
...     for hit in index.search("why did we drop the second cache?"):
...         print(hit.rank, hit.id, hit.snippet.marked("**", "**"))
"""

from __future__ import annotations

from ._client import Client, connect
from ._errors import Cancelled, Error, IndexMismatch, NotFound, OptionError, UnavailableError
from ._index import Index
from ._models import fetch
from ._run import Run
from ._searcher import Searcher
from ._types import (
    Change,
    DocidLevel,
    DocidPath,
    Document,
    Explanation,
    Facet,
    Hit,
    Hits,
    IndexInfo,
    Key,
    Part,
    Passage,
    Piece,
    Progress,
    Query,
    Ranked,
    SearchOptions,
    Snippet,
    Term,
)

__all__ = [
    "Cancelled", "Change", "Client", "DocidLevel", "DocidPath", "Document", "Error", "Explanation", "Facet", "Hit", "Hits",
    "Index", "IndexInfo", "IndexMismatch", "Key", "NotFound", "OptionError", "Part", "Passage", "Piece", "Progress",
    "Query", "Ranked", "Run", "SearchOptions", "Searcher", "Snippet", "Term", "UnavailableError", "connect", "fetch",
]  # fmt: skip


def __getattr__(name: str) -> str:
    if name == "__version__":
        from ._native import version

        return version()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
