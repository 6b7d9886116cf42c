"""LlamaIndex: passages for a query as its nodes. ``pip install llama-index-core``."""

from __future__ import annotations

from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ._searcher import Searcher

__all__ = ["GenretRetriever"]


class GenretRetriever(BaseRetriever):
    """Finds passages in an index, or behind a server; ``options`` are those of ``search``."""

    def __init__(self, index: Searcher, similarity_top_k: int = 4, **options: Any) -> None:
        self._index = index
        self._similarity_top_k = similarity_top_k
        self._options = options
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        query = query_bundle.query_str
        if not query.strip():
            return []
        return [
            NodeWithScore(
                node=TextNode(id_=hit.id, text=hit.text, metadata={**hit.fields, "title": hit.title}), score=hit.score
            )
            for hit in self._index.search(query, hits=self._similarity_top_k, **self._options)
        ]
