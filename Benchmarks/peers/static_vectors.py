"""Quality and cost of static vectors beside the encoder's own, by genret's commands alone.

usage: static_vectors.py GENRET WORK COLLECTION SAMPLE QUESTIONS
"""
import json
import random
import re
import subprocess
import sys
import time
from pathlib import Path

genret, work, collection, sample, most = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4], int(sys.argv[5])
BUILD = ["--generator", "none", "--encoder-precision", "int8"]


def run(*arguments):
    """The output of a command that must not fail, and the seconds that it took."""
    start = time.monotonic()
    done = subprocess.run([genret, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"genret {' '.join(map(str, arguments))}: {done.stderr[-2000:]}")
    return done.stdout + done.stderr, time.monotonic() - start


judged = []
for line in (collection / "qrels/test.tsv").read_text().splitlines()[1:]:
    query = line.split("\t")[0]
    if not judged or judged[-1] != query:
        judged.append(query)
wanted = set(dict.fromkeys(judged).keys() if len(judged) <= most else judged[:: max(1, len(judged) // most)][:most])
topics = work / "queries.jsonl"
topics.write_text(
    "".join(l for l in (collection / "queries.jsonl").open() if json.loads(l)["_id"] in wanted), encoding="utf-8")


def build(name, budget):
    said, seconds = run("index", collection, "-o", work / name, "--encoder-budget", budget, *BUILD)
    vectors = re.search(r"^vectors: (.*)$", said, re.M)
    print(f"{name:8s} {seconds:7.1f} s to index; {vectors.group(1) if vectors else 'all encoded'}", flush=True)
    return {k: float(v) for k, v in re.findall(r"(bm25|dense|docid|ngram) ([\d.]+)", re.search(r"^fusion .*$", said, re.M).group(0))}


def search(index, *options):
    """nDCG@10 and R@100 of each query, and the seconds of all."""
    output = work / "run"
    _, seconds = run("search", work / index, "--topics", topics, "-o", output, "--hits", 100, "-q", *options)
    values, _ = run(
        "eval", "--qrels", collection / "qrels/test.tsv", "--run", output, "-m", "ndcg_cut_10", "-m", "recall.100", "-q")
    found = {"ndcg_cut_10": {}, "recall_100": {}}
    for measure, query, value in re.findall(r"^(\S+)\s+(\S+)\s+([\d.]+)$", values, re.M):
        if query != "all" and measure in found:
            found[measure][query] = float(value)
    return found, seconds


def interval(differences, rounds=10_000):
    """The 95 % interval of the mean, by bootstrap over queries."""
    generator = random.Random(1)
    n = len(differences)
    means = sorted(sum(generator.choices(differences, k=n)) / n for _ in range(rounds))
    return means[int(rounds * 0.025)], means[int(rounds * 0.975)]


def mean(values):
    return sum(values) / max(1, len(values))


print(f"{collection.name}: {len(wanted)} questions, {sample} passages encoded of {sum(1 for _ in (collection / 'corpus.jsonl').open()):,}")
weights = build("encoded", "all")
build("static", sample)
same = ",".join(f"{name}={value}" for name, value in weights.items())
rows = [
    ("fusion, all encoded", "encoded", []),
    ("fusion, static", "static", ["--encode", "0"]),
    ("fusion, best 10 encoded", "static", ["--encode", "10"]),
    ("fusion, best 20 encoded", "static", ["--encode", "20"]),
    ("  the same weights, static", "static", ["--encode", "0", "--weights", same]),
    ("  the same weights, best 20", "static", ["--encode", "20", "--weights", same]),
    ("dense, all encoded", "encoded", ["--retrievers", "dense"]),
    ("dense, static", "static", ["--retrievers", "dense", "--encode", "0"]),
    ("dense, static, best 20", "static", ["--retrievers", "dense", "--encode", "20"]),
    ("BM25", "encoded", ["--retrievers", "bm25"]),
]
base = None
print(f"{'':28s} nDCG@10   R@100   difference of nDCG@10 [95 %]      ms a query")
for label, index, options in rows:
    found, seconds = search(index, *options)
    values = found["ndcg_cut_10"]
    if label.endswith("all encoded"):
        base = values
    differences = [values.get(q, 0) - base[q] for q in base]
    low, high = interval(differences)
    told = "" if values is base or label == "BM25" else f"{mean(differences):+.4f} [{low:+.4f}, {high:+.4f}]"
    print(
        f"{label:28s} {mean(values.values()):.4f}  {mean(found['recall_100'].values()):.4f}   {told:32s} {1000 * seconds / len(wanted):6.1f}",
        flush=True)
