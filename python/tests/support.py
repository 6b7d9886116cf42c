"""What the tests work on: the sample corpus, its indexes, and a server."""

from __future__ import annotations

import atexit
import csv
import functools
import importlib.util
import json
import shutil
import subprocess
import tempfile
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import genret
from genret import _models, _native

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "corpora" / "sample"
PROGRAM = _native.PROGRAM / "bin" / "genret"
FOLDER = Path(tempfile.mkdtemp(prefix="genret-python-"))
atexit.register(shutil.rmtree, FOLDER, ignore_errors=True)


@functools.cache
def sample_path() -> str:
    """An index of the sample without an encoder."""
    path = str(FOLDER / "sample.genret")
    genret.Index.build(SAMPLE, path, encoder=None).close()
    return path


def sample() -> genret.Index:
    return genret.Index.open(sample_path())


@functools.cache
def encoder_is_there() -> bool:
    listing = program("model", "list")
    return "all-MiniLM-L6-v2" in listing


@functools.cache
def encoded_path() -> str:
    """An index of the sample with the encoder; its generator is not trained on."""
    path = str(FOLDER / "encoded.genret")
    genret.Index.build(SAMPLE, path, train_minutes=0).close()
    return path


def needs_encoder(test):  # type: ignore[no-untyped-def]
    """Skips a test where no encoder is installed."""
    return unittest.skipUnless(encoder_is_there(), "the encoder is not installed")(test)


def queries() -> dict[str, str]:
    with open(SAMPLE / "queries.jsonl", encoding="utf-8") as file:
        return {query["_id"]: query["text"] for query in map(json.loads, file)}


def corpus() -> dict[str, dict[str, str]]:
    with open(SAMPLE / "corpus.jsonl", encoding="utf-8") as file:
        return {item["_id"]: {"title": item["title"], "text": item["text"]} for item in map(json.loads, file)}


def qrels() -> dict[str, dict[str, int]]:
    judged: dict[str, dict[str, int]] = {}
    with open(SAMPLE / "qrels" / "test.tsv", encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            judged.setdefault(row["query-id"], {})[row["corpus-id"]] = int(row["score"])
    return judged


def program(*arguments: str) -> str:
    """What the command line prints."""
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, env=_models.environment(), check=True)
    return done.stdout


def needs(*modules: str):  # type: ignore[no-untyped-def]
    """Skips a test where a package is not installed."""
    missing = [name for name in modules if importlib.util.find_spec(name.split(".")[0]) is None]
    return unittest.skipIf(missing, f"{', '.join(missing)} is not installed")


@contextmanager
def server(*indexes: str, token: str | None = None) -> Iterator[str]:
    """The address of a server."""
    environment = _models.environment() | ({"GENRET_TOKEN": token} if token else {})
    process = subprocess.Popen(
        [PROGRAM, "serve", *indexes, "--port", "0", "--no-page", "--log-level", "error"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("listening on "), line
        yield line.removeprefix("listening on ").strip()
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()
