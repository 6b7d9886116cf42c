"""Filtered searches beside filtering the whole ranking afterwards."""

import json
import os
import random
import re
import subprocess
import sys
from collections import defaultdict

genret, work, collection, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

# A collection, or a file of passages alone: then each is an article of its own, and questions are four words of some.
is_collection = os.path.isdir(collection)
passages = [json.loads(line) for line in open(f"{collection}/corpus.jsonl" if is_collection else collection)]
if not is_collection:
    for passage in passages:
        passage["title"] = passage.get("title") or passage["_id"]
articles = defaultdict(list)
for passage in passages:
    articles[passage["title"]].append(passage["_id"])
# Articles in a random order, each with the part of all passages that comes before its end.
order = sorted(articles)
random.Random(1).shuffle(order)
share, before = {}, 0
for title in order:
    before += len(articles[title])
    share[title] = before / len(passages)
with open(f"{work}/corpus.jsonl", "w") as file:
    for passage in passages:
        file.write(json.dumps({**passage, "article": passage["title"], "share": share[passage["title"]]}) + "\n")
chance = random.Random(2)
with open(f"{work}/queries.jsonl", "w") as file:
    if is_collection:
        file.writelines(chance.sample(open(f"{collection}/queries.jsonl").readlines(), count))
    else:
        texts = [p["text"].split() for p in passages if len(p["text"].split()) >= 5]
        for place, words in enumerate(chance.sample(texts, count)):
            start = chance.randrange(len(words) - 3)
            file.write(json.dumps({"_id": str(place), "text": " ".join(words[start:start + 4])}) + "\n")

if not os.path.exists(f"{work}/index"):
    subprocess.run([genret, "index", f"{work}/corpus.jsonl", "-o", f"{work}/index", "-q"]
                   + ([] if is_collection else ["--no-encoder"]), check=True)
has_vectors = json.load(open(f"{work}/index/manifest.json")).get("encoder") is not None
print(f"{len(passages)} passages, {len(articles)} articles, {count} queries")

# The article whose passages are nearest to a thousandth of all; where articles are small, a thousandth of them.
rare = min(order, key=lambda title: (abs(len(articles[title]) - len(passages) / 1000), title))
filters = [("all", None, {p["_id"] for p in passages})]
bounds = [0.5, 0.05]
if len(articles[rare]) < len(passages) / 2000:
    bounds.append(0.001)
for bound in bounds:
    filters.append((f"{bound:.4g}", f"share <= {bound}", {i for t in order if share[t] <= bound for i in articles[t]}))
if 0.001 not in bounds:
    quoted = rare.replace("'", "''")
    filters.append((f"{len(articles[rare]) / len(passages):.2g}", f"article = '{quoted}'", set(articles[rare])))


def search(retrievers, where, hits, depth=100):
    command = [genret, "search", f"{work}/index", "--topics", f"{work}/queries.jsonl", "-o", f"{work}/run",
               "--hits", str(hits), "--depth", str(depth), "--threads", "1", "--rerank", "0", "--retrievers", retrievers]
    if where:
        command += ["--where", where]
    report = subprocess.run(command, check=True, capture_output=True, text=True).stderr
    run = defaultdict(list)
    for line in open(f"{work}/run"):
        query, _, passage, _, score, _ = line.split()
        run[query].append((passage, float(score)))
    p50, p95 = re.search(r"p50 ([\d.]+) ms, p95 ([\d.]+) ms", report).groups()
    return run, float(p50), float(p95)


def recall(found, exact):
    """How much of the exact top 10 is found, where passages of its last score may stand for each other."""
    parts = []
    for query, best in exact.items():
        best = best[:10]
        if not best:
            continue
        floor = best[-1][1]
        right = sum(1 for passage, score in found[query][:10] if score >= floor - 1e-5 * abs(floor))
        parts.append(min(right, len(best)) / len(best))
    return sum(parts) / max(1, len(parts))


print(f"{'retriever':<10}{'filter':>8}{'p50 ms':>9}{'p95 ms':>9}{'hits':>7}  top 10 beside filtering afterwards")
for retriever in ["bm25", "ngram"] + (["dense", "docid"] if has_vectors else []):
    whole = None
    for name, where, passing in filters:
        run, p50, p95 = search(retriever, where, 10)
        outside = sum(1 for found in run.values() for passage, _ in found if passage not in passing)
        hits = sum(len(found) for found in run.values()) / count
        if retriever in ("bm25", "dense") and is_collection:
            # Both score every passage whatever the filter: the whole ranking, filtered, is the exact answer.
            if whole is None:
                whole = search(retriever, None, len(passages), depth=len(passages))[0]
            exact = {q: [hit for hit in found if hit[0] in passing] for q, found in whole.items()}
            note = f"recall {recall(run, exact):.4f}"
        else:
            # What is generated is not all: filtering afterwards loses what was not. Whole rankings of millions are not asked for.
            if whole is None:
                whole = search(retriever, None, 100)[0]
            left = sum(min(10, sum(1 for hit in found if hit[0] in passing)) for found in whole.values()) / count
            note = f"{left:.1f} of 10 are left of its best 100"
        assert outside == 0, f"{outside} answers do not pass"
        print(f"{retriever:<10}{name:>8}{p50:>9.1f}{p95:>9.1f}{hits:>7.1f}  {note}", flush=True)
