"""Passages in the shapes that people have them in, as the lines that genret reads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO, Protocol, Union, runtime_checkable

from ._types import Document, Passage


@runtime_checkable
class HasDefaultText(Protocol):
    """A document of ir_datasets."""

    @property
    def doc_id(self) -> str: ...
    def default_text(self) -> str: ...


Item = Union[Document, Passage, Mapping[str, Any], tuple[str, str], HasDefaultText]
Items = Union[Iterable[Item], Mapping[str, Mapping[str, Any]]]


def record(item: Any) -> dict[str, Any]:
    """A passage as an object that genret reads: its own shapes, ir_datasets' documents, dicts with any of the names that
    genret knows (``id``, ``_id``, ``docno``, …), and pairs of id and text."""
    if isinstance(item, (Document, Passage)):
        return {**item.fields, "id": item.id, "title": item.title, "text": item.text}
    if isinstance(item, Mapping):
        return {str(name): value for name, value in item.items()}
    if isinstance(item, HasDefaultText):
        return {"id": item.doc_id, "text": item.default_text()}
    if isinstance(item, (tuple, list)) and len(item) == 2:
        return {"id": str(item[0]), "text": str(item[1])}
    raise TypeError(
        f"a passage is a Document, a dict with id and text, or a pair of them, and not {type(item).__name__}"
    )


def records(items: Any) -> Iterable[dict[str, Any]]:
    """Passages, also of a dict by id, as BEIR has corpora."""
    if isinstance(items, Mapping):
        for id, passage in items.items():
            if isinstance(passage, str):
                yield {"id": str(id), "text": passage}
            else:
                yield {**record(passage), "id": str(id)}
    else:
        for item in items:
            yield record(item)


def write(items: Any, file: BinaryIO) -> None:
    """Writes passages as JSON lines, one at a time: they need not fit into memory."""
    file.writelines(
        json.dumps(passage, ensure_ascii=False, default=str).encode("utf-8", "replace") + b"\n"
        for passage in records(items)
    )
