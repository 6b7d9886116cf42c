"""What Benchmarks/search measures outside genret, as lines of name<TAB>value<TAB>unit.

  bm25.py queries CORPUS QUERIES          makes queries of the words of random passages
  bm25.py run COMMAND ...                 a command's time and peak memory; its output goes to stderr
  bm25.py report QUERIES REPORT RUN       latencies from a report of `genret search`, hits from its run
  bm25.py index bm25s|tantivy CORPUS DIR  builds a peer's index
  bm25.py ask bm25s|tantivy CORPUS QUERIES DIR
"""

import json
import os
import random
import re
import resource
import subprocess
import sys
from time import perf_counter

DEPTH = 100
WORD = re.compile(r"[^\W_]+")


def show(name, value, unit):
    print(f"{name}\t{value:.6g}\t{unit}", flush=True)


def records(path):
    """The identifier and the object of every line."""
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                record = json.loads(line)
                yield str(record["_id"] if "_id" in record else record["id"]), record


def passage_text(record):
    return f"{record.get('title') or ''} {record['text']}".strip()


def peak_mebibytes(usage):
    return usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


# Queries

def make_queries(corpus, output, count=1000, seed=1):
    """3 to 6 different words a query, each query of another passage that has as many."""
    chance = random.Random(seed)
    kept = []  # a uniform sample of the passages, several times as many as are needed
    with open(corpus, encoding="utf-8") as lines:
        for position, line in enumerate(lines):
            if len(kept) < 4 * count:
                kept.append(line)
            elif (slot := chance.randrange(position + 1)) < len(kept):
                kept[slot] = line
    chance.shuffle(kept)
    made = 0
    with open(output, "w", encoding="utf-8") as file:
        for line in kept:
            if made == count:
                break
            if not line.strip():
                continue
            record = json.loads(line)
            words = sorted({word.lower() for word in WORD.findall(passage_text(record)) if len(word) > 2})
            length = chance.randint(3, 6)
            if len(words) < length:
                continue
            made += 1
            query = {
                "_id": f"q{made}",
                "text": " ".join(chance.sample(words, length)),
                "passage": str(record["_id"] if "_id" in record else record["id"]),
            }
            file.write(json.dumps(query, ensure_ascii=False) + "\n")
    print(f"{made} queries", file=sys.stderr)


# Figures

def show_hits(queries, answers):
    """How often the passage that a query was drawn from is among the first answers, in per cent."""
    drawn = [(answers.get(id, []), str(query["passage"])) for id, query in queries if "passage" in query]
    for depth in (1, 10, 100):
        if drawn:
            found = sum(passage in answer[:depth] for answer, passage in drawn)
            show(f"hit@{depth}", 100 * found / len(drawn), "%")


def show_latencies(seconds):
    ordered = sorted(seconds)
    show("median", 1e3 * ordered[len(ordered) // 2], "ms")
    show("mean", 1e3 * sum(ordered) / len(ordered), "ms")
    show("p99", 1e3 * ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)], "ms")


def run(command):
    start = perf_counter()
    status = subprocess.call(command, stdout=sys.stderr)
    seconds = perf_counter() - start
    if status:
        sys.exit(status)
    show("index", seconds, "s")
    show("peak memory", peak_mebibytes(resource.getrusage(resource.RUSAGE_CHILDREN)), "MiB")


def report(queries_path, report_path, run_path):
    with open(report_path, encoding="utf-8") as file:
        text = file.read()
    milliseconds = {"h": 3.6e6, "min": 6e4, "s": 1e3, "ms": 1, "us": 1e-3, "µs": 1e-3}
    number = r"([\d.,]+)"

    def value(digits, unit):
        return float(digits.replace(",", "")) * milliseconds[unit]

    figures = {}
    for name, digits, unit in re.findall(rf"\b(median|p50|mean|p99) {number} (ms|us|µs|s)\b", text):
        figures["median" if name == "p50" else name] = value(digits, unit)
    if "mean" not in figures:  # from the whole, which is rounded
        if whole := re.search(rf"{number} quer(?:y|ies) in ((?:[\d.]+ (?:h|min|s|ms)\b ?)+)", text):
            parts = re.findall(rf"{number} (h|min|ms|s)\b", whole[2])
            figures["mean"] = sum(value(*part) for part in parts) / float(whole[1].replace(",", ""))
    for name, figure in figures.items():
        show(name, figure, "ms")

    answers = {}
    with open(run_path, encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            answers[record["id"]] = [hit["id"] for hit in record["hits"]]
    show_hits(list(records(queries_path)), answers)


# Peers: each has `index(texts, folder)` and `open(folder)`, which gives a function from a query and
# a count to the positions of the best passages. What that function returns may be a call that finds
# the positions; it is made outside the measurement.

class BM25S:
    def __init__(self):
        import bm25s
        self.bm25s = bm25s
        # genret's k1 and b, so that what they find can be compared
        self.empty = bm25s.BM25(k1=0.9, b=0.4, backend="numba")
        self.empty.compile(warmup=True)

    def terms(self, texts):
        return self.bm25s.tokenize(texts, stopwords="english", show_progress=False)

    def index(self, texts, folder):
        self.empty.index(self.terms(list(texts)), show_progress=False)
        self.empty.save(folder, show_progress=False)

    def open(self, folder):
        index = self.bm25s.BM25.load(folder, show_progress=False)
        self.batch = lambda queries, count: index.retrieve(
            self.terms(queries), k=count, show_progress=False).documents
        return lambda query, count: self.batch([query], count)[0]


class Tantivy:
    def __init__(self):
        import tantivy
        self.tantivy = tantivy

    def index(self, texts, folder):
        schema = self.tantivy.SchemaBuilder()
        schema.add_text_field("text", tokenizer_name="en_stem", index_option="freq")
        schema.add_integer_field("position", stored=True)
        index = self.tantivy.Index(schema.build(), path=folder)
        writer = index.writer(num_threads=1)
        for position, text in enumerate(texts):
            writer.add_document(self.tantivy.Document(text=text, position=position))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, folder):
        index = self.tantivy.Index.open(folder)
        searcher = index.searcher()

        def ask(query, count):
            # bare words: nothing of the query language; count=False lets it skip passages
            parsed = index.parse_query(" ".join(WORD.findall(query.lower())), ["text"])
            hits = searcher.search(parsed, count, count=False).hits
            return lambda: [searcher.doc(address)["position"][0] for _, address in hits]

        return ask


PEERS = {"bm25s": BM25S, "tantivy": Tantivy}


def index_peer(name, corpus, folder):
    os.makedirs(folder)
    peer = PEERS[name]()
    start = perf_counter()
    peer.index((passage_text(record) for _, record in records(corpus)), folder)
    show("index", perf_counter() - start, "s")
    show("peak memory", peak_mebibytes(resource.getrusage(resource.RUSAGE_SELF)), "MiB")


def ask_peer(name, corpus, queries_path, folder):
    ids = [id for id, _ in records(corpus)]
    queries = list(records(queries_path))
    count = min(DEPTH, len(ids))
    peer = PEERS[name]()
    ask = peer.open(folder)
    for _, query in queries[:10]:  # compiles
        ask(query["text"], count)
    seconds, found = [], []
    for _, query in queries:
        start = perf_counter()
        positions = ask(query["text"], count)
        seconds.append(perf_counter() - start)
        found.append(positions)
    show_latencies(seconds)
    answers = {
        id: [ids[position] for position in (positions() if callable(positions) else positions)]
        for (id, _), positions in zip(queries, found)
    }
    show_hits(queries, answers)
    if hasattr(peer, "batch"):
        start = perf_counter()
        peer.batch([query["text"] for _, query in queries], count)
        show("at once", 1e3 * (perf_counter() - start) / len(queries), "ms")


if __name__ == "__main__":
    arguments = sys.argv[2:]
    match sys.argv[1:2]:
        case ["queries"]: make_queries(*arguments)
        case ["run"]: run(arguments)
        case ["report"]: report(*arguments)
        case ["index"]: index_peer(*arguments)
        case ["ask"]: ask_peer(*arguments)
        case _: sys.exit(__doc__)
