"""PyTerrier: a retriever in its pipelines, and an indexer. ``pip install python-terrier``."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import Any

import pandas
import pyterrier

from ._index import Index
from ._searcher import Searcher

__all__ = ["Indexer", "Retriever"]


class Retriever(pyterrier.Transformer):
    """Finds passages for a frame of queries: one batch for all of them, and no Java.

    - ``num_results``: how many a query.
    - ``text``: whether passages come with their texts, for rerankers further down the pipeline.
    - ``options``: those of ``batch_search``.
    """

    def __init__(
        self, index: Searcher | str | os.PathLike[str], num_results: int = 1000, text: bool = False, **options: Any
    ):
        super().__init__()
        self.index = index if isinstance(index, Searcher) else Index.open(index)
        self.num_results = num_results
        self.text = text
        self.options = options

    def transform(self, inp: pandas.DataFrame) -> pandas.DataFrame:
        pyterrier.validate.query_frame(inp, extra_columns=["query"])
        queries = inp.drop(columns=["docno", "score", "rank", "text", "title"], errors="ignore").drop_duplicates("qid")
        columns = ["docno", "score", "rank"] + (["title", "text"] if self.text else [])
        if len(inp) == 0:
            none: pandas.DataFrame = queries.assign(**{name: pandas.Series(dtype=_DTYPES[name]) for name in columns})
            return none
        ids = queries["qid"].astype(str)
        run = self.index.batch_search(zip(ids, queries["query"].astype(str)), hits=self.num_results, **self.options)
        found = run.to_frame(style="pyterrier")
        if self.text:
            known = {passage.id: passage for passage in self.index.passages(dict.fromkeys(found["docno"])) if passage}
            found["title"] = [known[docno].title for docno in found["docno"]]
            found["text"] = [known[docno].text for docno in found["docno"]]
        found = found.astype({name: _DTYPES[name] for name in columns})
        answers: pandas.DataFrame = queries.assign(qid=ids).merge(found, on="qid", how="inner")
        return answers

    def fuse_rank_cutoff(self, k: int) -> Retriever | None:
        """``retriever % 10`` asks for ten."""
        if k >= self.num_results:
            return self
        return Retriever(self.index, k, self.text, **self.options)


_DTYPES = {"docno": "object", "score": "float64", "rank": "int64", "title": "object", "text": "object"}


class Indexer(pyterrier.Indexer):
    """Builds an index of dicts with ``docno`` and ``text``; ``options`` are those of ``Index.build``."""

    def __init__(self, path: str | os.PathLike[str], **options: Any):
        super().__init__()
        self.path = path
        self.options = options

    def index(self, iter: Iterable[Mapping[str, Any]], **options: Any) -> Index:
        return Index.build(iter, self.path, **{**self.options, **options})
