"""The server under test: one that runs already (GENRET_PAGE_URL), or one started from GENRET_BINARY with indexes of its own.

A server that runs already must serve an index of corpus.jsonl, the first or the one that the address names with ?i=NAME."""

import json
import os
import pathlib
import subprocess
import tempfile
import threading
import urllib.parse
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
CORPUS = HERE / "corpus.jsonl"
PAGE = HERE.parent.parent / "Sources" / "WebPage" / "Resources" / "page.html"


def passages():
    return [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]


class Server:
    def __init__(self):
        self.process = self.folder = None
        address = os.environ.get("GENRET_PAGE_URL")
        if not address:
            address = self.start(os.environ.get("GENRET_BINARY"))
        parts = urllib.parse.urlsplit(address)
        self.origin = f"{parts.scheme}://{parts.netloc}"
        indexes = self.get("/v1/indexes")["indexes"]
        wanted = dict(urllib.parse.parse_qsl(parts.query)).get("i", indexes[0]["name"])
        self.index = next(index for index in indexes if index["name"] == wanted)
        # An index without an encoder, if there is one.
        self.plain = next((index for index in indexes if "dense" not in index["retrievers"]), None)
        self.is_first = indexes[0]["name"] == wanted

    def start(self, binary):
        if not binary:
            raise SystemExit("page tests: set GENRET_BINARY to the built genret, or GENRET_PAGE_URL to a server that runs")
        self.folder = tempfile.TemporaryDirectory(prefix="genret-page-")
        folder = pathlib.Path(self.folder.name)
        for name, flags in (("harbour", []), ("plain", ["--no-encoder", "--generator", "none"])):
            made = subprocess.run([binary, "index", CORPUS, "-o", folder / f"{name}.genret", *flags], capture_output=True, text=True)
            if made.returncode != 0 and not flags:  # No encoder on this machine.
                made = subprocess.run([binary, "index", CORPUS, "-o", folder / f"{name}.genret", "--no-encoder"], capture_output=True, text=True)
            if made.returncode != 0:
                raise SystemExit(f"page tests: the index cannot be made: {made.stderr}")
        log = open(folder / "log", "wb")
        self.process = subprocess.Popen(
            [binary, "serve", folder / "harbour.genret", folder / "plain.genret", "--port", "0"], stdout=subprocess.PIPE, stderr=log, text=True)
        first = self.process.stdout.readline()
        if not first.startswith("listening on "):
            raise SystemExit(f"page tests: the server does not start: {first}{(folder / 'log').read_text()}")
        # What else it prints is read away, so that it never waits for us.
        threading.Thread(target=self.process.stdout.read, daemon=True).start()
        return first.removeprefix("listening on ").strip()

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait(30)
        if self.folder:
            self.folder.cleanup()

    def get(self, path):
        with urllib.request.urlopen(self.origin + path, timeout=30) as response:
            return json.load(response)

    def post(self, path, body):
        request = urllib.request.Request(self.origin + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as response:
            return json.load(response)

    def runs(self, retriever):
        """Whether a retriever runs on the index under test: those of the encoder do not where it is not installed."""
        notes = " ".join(self.index.get("notes", []))
        return retriever in self.index["retrievers"] and retriever not in notes.split(" not run")[0]
