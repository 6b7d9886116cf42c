"""BEIR: a searcher for its evaluation. BEIR itself is not needed to import this."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from typing import Any

from ._index import Index
from ._searcher import Searcher

__all__ = ["Genret"]


class Genret:
    """What BEIR's ``EvaluateRetrieval`` takes as a retriever.

    It builds an index of the corpus that it is given, in a folder that goes when it goes; or it asks an index that is
    there. ``options`` are those of ``Index.build``.
    """

    def __init__(self, index: Searcher | str | os.PathLike[str] | None = None, **options: Any) -> None:
        self.index: Searcher | None = None
        if index is not None:
            self.index = index if isinstance(index, Searcher) else Index.open(index)
        self.options = options
        self.results: dict[str, dict[str, float]] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._corpus: object = None

    def search(
        self,
        corpus: Mapping[str, Mapping[str, str]],
        queries: Mapping[str, str],
        top_k: int,
        score_function: str | None = None,
        **options: Any,
    ) -> dict[str, dict[str, float]]:
        """The best passages of queries. There is one way to score, so that ``score_function`` says nothing."""
        if self.index is None or (self._folder is not None and self._corpus is not corpus):
            self._folder = tempfile.TemporaryDirectory(prefix="genret-beir-")
            self.index = Index.build(corpus, os.path.join(self._folder.name, "beir.genret"), **self.options)
            self._corpus = corpus
        self.results = self.index.batch_search(queries, hits=top_k)
        return self.results
