"""Measures an index while passages come and go; see Benchmarks/living."""

import json, random, re, shutil, subprocess, sys, time
from pathlib import Path

binary, work, corpus, queries = sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
more = 1000


def run(*words):
    start = time.monotonic()
    done = subprocess.run([binary, *map(str, words)], text=True, capture_output=True)
    if done.returncode: sys.exit(f"living: {' '.join(map(str, words))}: {done.stderr.strip()}")
    return time.monotonic() - start, done.stdout + done.stderr


# The last passages are those that are added; questions are words of others.
lines = Path(corpus).read_text().splitlines()
(work / "base.jsonl").write_text("\n".join(lines[:-more]) + "\n")
(work / "more.jsonl").write_text("\n".join(lines[-more:]) + "\n")
draw = random.Random(1)
asked = []
while len(asked) < queries:
    words = re.findall(r"[A-Za-z]{3,}", json.loads(draw.choice(lines))["text"])
    if len(words) > 3: asked.append(" ".join(draw.sample(words, 4)))
(work / "queries.jsonl").write_text("".join(json.dumps({"_id": str(n), "text": t}) + "\n" for n, t in enumerate(asked)))
gone = draw.sample([json.loads(line)["_id"] for line in lines[:-more]], (len(lines) - more) // 10)
(work / "gone.txt").write_text("\n".join(gone) + "\n")
index = work / "index"


def ask(what):
    row = [what]
    for retriever in ("bm25", "ngram"):
        _, said = run("search", index, "--topics", work / "queries.jsonl", "--retrievers", retriever, "--threads", 1,
                      "-o", work / "run.trec")
        row += re.search(r"p50 ([\d.]+) ms, p95 ([\d.]+) ms", said).groups()
    start, _ = run("query", index, asked[0], "--retrievers", "bm25,ngram", "--hits", 1)
    print(f"{row[0]:<34}{row[1]:>8}{row[2]:>8}{row[3]:>10}{row[4]:>8}{1000 * start:>12.0f}", flush=True)


def change(what, *words):
    seconds, said = run(*words)
    print(f"{what}: {seconds:.2f} s ({said.strip().splitlines()[-1].split(': ')[-1]})", flush=True)
    ask("after that")


seconds, said = run("index", work / "base.jsonl", "-o", index, "--no-encoder", "-q")
print(f"index {len(lines) - more:,} passages: {seconds:.1f} s")
print(f"{'':<34}{'bm25 p50':>8}{'p95':>8}{'ngram p50':>10}{'p95':>8}{'one process':>12}  ms")
ask("as built")
change(f"add {more:,}", "add", index, work / "more.jsonl", "-q")
change(f"delete {len(gone):,}", "delete", index, "--ids", work / "gone.txt", "-q")
change("compact --all", "compact", index, "--all", "-q")
