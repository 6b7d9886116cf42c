"""What can go wrong, as exceptions."""

from __future__ import annotations

import json
from typing import Any


class Error(Exception):
    """Something that genret says no to. ``code`` is the contract's word for it, ``member`` what of a request is at fault."""

    def __init__(self, sentence: str, code: str = "internal", member: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code
        self.member = member

    def __str__(self) -> str:
        return self.sentence


class NotFound(Error, KeyError):
    """No passage has the id, or no index is there."""

    # KeyError's own puts quotes around the sentence.
    __str__ = Error.__str__


class OptionError(Error, ValueError):
    """A request that cannot be: an option that does not exist, a value out of range, a query without words."""


class UnavailableError(Error):
    """What was asked for needs something that the index or the machine lacks, such as the encoder."""


class IndexMismatch(Error):
    """An index that is damaged, of another format, or whose files do not belong together."""


class Cancelled(Error):
    """The work was ended before it was done."""


_KINDS: dict[str, type[Error]] = {
    "unknown_docid": NotFound,
    "unknown_index": NotFound,
    "not_found": NotFound,
    "invalid_option": OptionError,
    "invalid_json": OptionError,
    "empty_query": OptionError,
    "too_large": OptionError,
    "retriever_unavailable": UnavailableError,
    "cannot_rerank": UnavailableError,
    "index_failed": IndexMismatch,
    "cancelled": Cancelled,
    "timed_out": Cancelled,
}


def from_problem(problem: Any, fallback: str = "the call failed") -> Error:
    """The exception of a problem as JSON, which is bytes or what was read of them."""
    if isinstance(problem, (bytes, str)):
        try:
            problem = json.loads(problem)
        except ValueError:
            problem = {}
    if not isinstance(problem, dict):
        problem = {}
    code = str(problem.get("code", "internal"))
    return _KINDS.get(code, Error)(str(problem.get("detail", fallback)), code, problem.get("member"))
