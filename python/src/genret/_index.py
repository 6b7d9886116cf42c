"""An index on this machine."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Literal

from . import _models, _native
from ._corpus import Items, write
from ._errors import Error, NotFound, OptionError
from ._searcher import Searcher
from ._types import Precision, Progress

#: Calls that may take long, and so are asked in a thread that Ctrl-C ends.
_LONG = frozenset({"batch", "encode", "rerank", "add", "delete", "compact"})


class Index(Searcher):
    """An opened index. Any number of threads may ask it; in a child after a fork it must be opened anew."""

    _chunk = 10_000

    def __init__(self, handle: int, path: str) -> None:
        self._handle = handle
        self._process = os.getpid()
        self.path = path

    @classmethod
    def open(
        cls, path: str | os.PathLike[str], *, load_encoder: bool = True, generator_precision: Precision = "int8"
    ) -> Index:
        """Opens an index; files and models are loaded when a search first needs them.

        ``load_encoder=False`` searches by n-grams and BM25 alone.
        """
        place = os.fspath(path)
        if not os.path.exists(place):
            raise NotFound(f"there is no index at {place}", "unknown_index", "path")
        options = {"loadEncoder": load_encoder, "precision": generator_precision, "models": _models.places()}
        index = cls(_native.open_index(place, options), place)
        if not load_encoder:
            # Rerankers read the encoder's states.
            index._rerank = 0
        return index

    @classmethod
    def build(
        cls,
        corpus: str | os.PathLike[str] | Items,
        path: str | os.PathLike[str],
        *,
        encoder: str | Literal["auto"] | None = "auto",
        generator: str | None = "genret-general",
        train_minutes: float | None = None,
        max_memory: str | int | None = None,
        replace: bool = False,
        seed: int = 1,
        progress: Callable[[Progress], object] | bool | None = None,
        **options: Any,
    ) -> Index:
        """Builds an index of a file, a folder, or passages, and opens it. Ctrl-C ends it, and nothing is left then.

        - ``encoder``: its name; ``"auto"`` takes the one for the language of the texts, where it is there; None does without.
        - ``train_minutes``: the most that the generator is trained on for this corpus; 0 leaves it as it is.
        - ``max_memory``: such as ``"2G"``; a corpus that needs more is cut into segments.
        - ``progress``: hears of the work; True shows it on standard error.
        - ``options``: members of a manifest's options, for experts.
        """
        chosen: dict[str, Any] = {"generator": generator, "seed": seed, **options}
        if encoder != "auto":
            chosen["encoder"] = encoder
        if train_minutes is not None:
            chosen |= {"trainMinutes": train_minutes} if train_minutes > 0 else {"trainSteps": 0}
        if max_memory is not None:
            chosen["maxMemory"] = _bytes(max_memory)
        place = os.fspath(path)
        listener = _Listener(progress)
        with _file(corpus, place) as source:
            request = {
                "corpus": source, "index": place, "replace": replace, "options": chosen, "models": _models.places(),
            }  # fmt: skip
            try:
                report = _native.interruptible(lambda flag: _native.build(request, listener.hear, flag))
            except Error:
                # What the listener raised ended the build.
                if listener.failure is not None:
                    raise listener.failure from None
                raise
        for note in report["notes"]:
            hint = "; genret.fetch() gets it" if "all-MiniLM-L6-v2 is not installed" in note else ""
            warnings.warn(note + hint, stacklevel=2)
        return cls.open(place)

    def _call(self, method: str, request: Mapping[str, Any]) -> Any:
        handle = self._handle
        if not handle:
            raise Error("the index is closed", "unknown_index")
        if method in _LONG:
            return _native.interruptible(lambda flag: _native.call(handle, method, request, flag))
        return _native.call(handle, method, request)

    def close(self) -> None:
        """Closes the index once calls under way have returned; closing it again does nothing."""
        handle, self._handle = self._handle, 0
        if handle and self._process == os.getpid():
            _native.close_index(handle)

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __del__(self) -> None:
        # Not where opening failed, and not where the interpreter is going down.
        if getattr(self, "_handle", 0) and not sys.is_finalizing():
            self.close()

    def __repr__(self) -> str:
        return f"<genret.Index {self.path!r}{'' if self._handle else ', closed'}>"

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled as its path: another process opens it anew."""
        return (Index.open, (self.path,))


class _Listener:
    """Hears of a build for a caller."""

    def __init__(self, progress: Callable[[Progress], object] | bool | None) -> None:
        self.tell = _show if progress is True else progress or None
        self.failure: BaseException | None = None

    def hear(self, event: bytes) -> bool:
        if self.tell is None or self.failure is not None:
            return self.failure is not None
        try:
            self.tell(Progress._of(json.loads(event)))
        except BaseException as error:
            self.failure = error
        return self.failure is not None


def _show(progress: Progress) -> None:
    if not progress.is_finished and not sys.stderr.isatty():
        return
    share = f" {100 * progress.fraction:3.0f} %" if progress.fraction is not None else ""
    line = f"{progress.stage:18}{share}  {progress.count:,} {progress.unit}  {progress.seconds:.1f} s"
    sys.stderr.write(f"\r\x1b[K{line}" + "\n" * progress.is_finished if sys.stderr.isatty() else line + "\n")
    sys.stderr.flush()


def _bytes(size: str | int) -> int:
    """A size such as 512M or 2G."""
    if isinstance(size, int):
        return size
    units = {"K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    digits, unit = (size[:-1], units[size[-1].upper()]) if size[-1:].upper() in units else (size, 1)
    if not digits.isdecimal() or not digits.isascii():
        raise OptionError("max_memory is a size such as 512M or 2G", "invalid_option", "max_memory")
    return int(digits) * unit


@contextmanager
def _file(corpus: Any, destination: str) -> Generator[str, None, None]:
    """The path of a corpus. Passages are written to a file beside the index, for they are read more than once."""
    if isinstance(corpus, (str, os.PathLike)):
        yield os.fspath(corpus)
        return
    folder = os.path.dirname(os.path.abspath(destination))
    with tempfile.TemporaryDirectory(prefix=".genret-corpus-", dir=folder) as scratch:
        path = os.path.join(scratch, "passages.jsonl")
        with open(path, "wb") as file:
            write(corpus, file)
        yield path
