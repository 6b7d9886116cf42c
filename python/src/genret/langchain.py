"""LangChain: passages for a query as its documents. ``pip install langchain-core``."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict, Field

from ._searcher import Searcher

__all__ = ["GenretRetriever"]


class GenretRetriever(BaseRetriever):
    """Finds passages in an index, or behind a server.

    A document's metadata have its title, its score, what each retriever said, and its fields.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    index: Searcher
    k: int = 4
    #: Options of ``search``.
    options: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        if not query.strip():
            return []
        return [
            Document(
                id=hit.id,
                page_content=hit.text,
                metadata={
                    **hit.fields,
                    "title": hit.title,
                    "score": hit.score,
                    "retrievers": {name: part.contribution for name, part in hit.retrievers.items()},
                },
            )
            for hit in self.index.search(query, hits=self.k, **self.options)
        ]
