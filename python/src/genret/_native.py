"""The library with the C face, called by ctypes: calls let go of the interpreter's lock."""

from __future__ import annotations

import ctypes
import json
import os
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ._errors import Error, from_problem

ABI = 1
Result = TypeVar("Result")

#: What a wheel carries: the library, the command line and the models that come with genret.
PROGRAM = Path(__file__).parent / "_program"


class Text(ctypes.Structure):
    _fields_ = [("data", ctypes.c_void_p), ("length", ctypes.c_size_t)]

    @classmethod
    def of(cls, value: bytes) -> Text:
        text = cls(ctypes.cast(ctypes.c_char_p(value), ctypes.c_void_p), len(value))
        # The bytes live as long as the structure.
        text.kept = value
        return text

    @property
    def bytes(self) -> bytes:
        return ctypes.string_at(self.data, self.length) if self.length else b""


ProgressFunction = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, Text)
_Pointer = ctypes.POINTER(ctypes.c_void_p)
_Flag = ctypes.POINTER(ctypes.c_int)
_SIGNATURES: dict[str, tuple[Any, list[Any]]] = {
    "genret_abi": (ctypes.c_uint32, []),
    "genret_version": (Text, []),
    "genret_open": (ctypes.c_int, [Text, Text, _Pointer, _Pointer]),
    "genret_close": (None, [ctypes.c_void_p]),
    "genret_call": (ctypes.c_int, [ctypes.c_void_p, Text, Text, _Flag, ctypes.POINTER(Text), _Pointer]),
    "genret_build": (ctypes.c_int, [Text, ProgressFunction, ctypes.c_void_p, _Flag, ctypes.POINTER(Text), _Pointer]),
    "genret_free_text": (None, [Text]),
    "genret_error_problem": (Text, [ctypes.c_void_p]),
    "genret_error_free": (None, [ctypes.c_void_p]),
}


def _load() -> ctypes.CDLL:
    path = os.environ.get("GENRET_LIBRARY") or str(PROGRAM / "bin" / "libgenretc.so")
    try:
        library = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(f"genret's library cannot be loaded: {error}") from error
    for name, (result, arguments) in _SIGNATURES.items():
        function = getattr(library, name)
        function.restype, function.argtypes = result, arguments
    if library.genret_abi() != ABI:
        raise ImportError(f"{path} has the ABI {library.genret_abi()}, and this package knows {ABI}")
    return library


_library: ctypes.CDLL | None = None
_loading = threading.Lock()


def library() -> ctypes.CDLL:
    """The library, which is loaded when it is first needed: who only asks a server needs none."""
    global _library
    if _library is None:
        with _loading:
            if _library is None:
                _library = _load()
    return _library


def version() -> str:
    text: Text = library().genret_version()
    return text.bytes.decode()


def _checked(status: int, error: ctypes.c_void_p) -> None:
    if status == 0:
        return
    if not error.value:
        raise Error(f"the call failed with the status {status}")
    problem = library().genret_error_problem(error).bytes
    library().genret_error_free(error)
    raise from_problem(problem)


def _taken(answer: Text) -> bytes:
    bytes = answer.bytes
    library().genret_free_text(answer)
    return bytes


def encoded(value: Any) -> bytes:
    """JSON as bytes. Half a character, which Python's texts can hold, is none."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def open_index(path: str, options: Mapping[str, Any]) -> int:
    index, error = ctypes.c_void_p(), ctypes.c_void_p()
    status = library().genret_open(
        Text.of(os.fsencode(path)), Text.of(encoded(options)), ctypes.byref(index), ctypes.byref(error)
    )
    _checked(status, error)
    assert index.value
    return index.value


def close_index(index: int) -> None:
    library().genret_close(index)


def call(index: int, method: str, request: Any, flag: ctypes.c_int | None = None) -> Any:
    answer, error = Text(), ctypes.c_void_p()
    status = library().genret_call(
        index,
        Text.of(method.encode()),
        Text.of(encoded(request)),
        ctypes.byref(flag) if flag is not None else None,
        ctypes.byref(answer),
        ctypes.byref(error),
    )
    _checked(status, error)
    return json.loads(_taken(answer))


def build(request: Any, progress: Callable[[bytes], bool], flag: ctypes.c_int) -> Any:
    """Builds an index. ``progress`` gets events as JSON; True ends the build."""
    report, error = Text(), ctypes.c_void_p()
    listener = ProgressFunction(lambda _, event: int(progress(event.bytes)))
    status = library().genret_build(
        Text.of(encoded(request)), listener, None, ctypes.byref(flag), ctypes.byref(report), ctypes.byref(error)
    )
    _checked(status, error)
    return json.loads(_taken(report))


def interruptible(work: Callable[[ctypes.c_int], Result]) -> Result:
    """Does work in a thread of its own, so that Ctrl-C, which only the main thread hears of, can end it.

    ``work`` gets the flag that ends it.
    """
    flag, done = ctypes.c_int(0), threading.Event()
    results: list[Result] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work(flag))
        except BaseException as error:
            failures.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=run, name="genret", daemon=True)
    thread.start()
    try:
        done.wait()
    except BaseException:
        flag.value = 1
        thread.join()
        raise
    thread.join()
    if failures:
        raise failures[0]
    return results[0]
