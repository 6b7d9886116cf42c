"""Haystack: a component that finds documents. ``pip install haystack-ai``."""

from __future__ import annotations

from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict

from ._client import connect
from ._index import Index
from ._searcher import Searcher

__all__ = ["GenretRetriever"]


@component
class GenretRetriever:
    """Finds passages in an index at a path, or at a server's address; ``options`` are those of ``search``."""

    def __init__(self, index: str, top_k: int = 10, options: dict[str, Any] | None = None) -> None:
        self.index = index
        self.top_k = top_k
        self.options = options or {}
        self._searcher: Searcher | None = None

    def warm_up(self) -> None:
        """Opens the index."""
        if self._searcher is None:
            is_address = self.index.startswith(("http://", "https://"))
            self._searcher = connect(self.index) if is_address else Index.open(self.index)

    @component.output_types(documents=list[Document])
    def run(self, query: str, top_k: int | None = None) -> dict[str, list[Document]]:
        self.warm_up()
        assert self._searcher is not None
        if not query.strip():
            return {"documents": []}
        hits = self._searcher.search(query, hits=self.top_k if top_k is None else top_k, **self.options)
        return {
            "documents": [
                Document(id=hit.id, content=hit.text, meta={**hit.fields, "title": hit.title}, score=hit.score)
                for hit in hits
            ]
        }

    def to_dict(self) -> dict[str, Any]:
        data: dict[str, Any] = default_to_dict(self, index=self.index, top_k=self.top_k, options=self.options)
        return data

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> GenretRetriever:
        made: GenretRetriever = default_from_dict(cls, data)
        return made
