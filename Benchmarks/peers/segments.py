"""The same passages in one segment and in several."""

import json
import random
import re
import subprocess
import sys

genret, work, corpus, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

lines = open(corpus).readlines()
chance = random.Random(1)
chance.shuffle(lines)
with open(f"{work}/queries.jsonl", "w") as file:
    asked = 0
    while asked < count:
        words = json.loads(chance.choice(lines))["text"].split()
        if len(words) >= 5:
            start = chance.randrange(len(words) - 3)
            file.write(json.dumps({"_id": str(asked), "text": " ".join(words[start:start + 4])}) + "\n")
            asked += 1


def write(name, part):
    with open(f"{work}/{name}.jsonl", "w") as file:
        file.writelines(part)
    return f"{work}/{name}.jsonl"


def run(*command):
    return subprocess.run([genret, *command], check=True, capture_output=True, text=True).stderr


def hits(path):
    found = {}
    for line in open(path):
        query, _, passage, *_ = line.split()
        found.setdefault(query, []).append(passage)
    return found


print(f"{len(lines)} passages, {count} queries; milliseconds")
print(f"{'segments':>8}{'bm25 p50':>10}{'ngram p50':>11}{'p95':>7}  n-grams' top 10 in common with one segment")
for segments in (1, 4, 16, 64):
    size = -(-len(lines) // segments)
    index = f"{work}/index-{segments}"
    for place in range(segments):
        part = write("part", lines[place * size:(place + 1) * size])
        if place == 0:
            run("index", part, "-o", index, "--no-encoder", "-q")
        else:
            run("add", index, part, "-q")
    times = {}
    for retriever in ("bm25", "ngram"):
        report = run("search", index, "--topics", f"{work}/queries.jsonl", "-o", f"{work}/{retriever}.run", "--hits", "10",
                     "--threads", "1", "--retrievers", retriever)
        times[retriever] = re.search(r"p50 ([\d.]+) ms, p95 ([\d.]+) ms", report).groups()
    several = hits(f"{work}/ngram.run")
    # Compacted, it has the same vocabulary.
    run("compact", index, "--all", "-q")
    run("search", index, "--topics", f"{work}/queries.jsonl", "-o", f"{work}/one.run", "--hits", "10", "--retrievers", "ngram",
        "-q")
    one = hits(f"{work}/one.run")
    common = sum(len(set(one[q]) & set(several[q])) / len(one[q]) for q in one) / len(one)
    print(f"{segments:>8}{float(times['bm25'][0]):>10.1f}{float(times['ngram'][0]):>11.1f}{float(times['ngram'][1]):>7.1f}"
          f"  {common:.3f}", flush=True)
