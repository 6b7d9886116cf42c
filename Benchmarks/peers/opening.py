"""What a first question costs: the start of a process, opening the index, the question."""

import json
import random
import re
import sqlite3
import subprocess
import sys
import time

genret, work, corpus, runs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])

passages = [json.loads(line) for line in open(corpus)]
index, database = f"{work}/index", f"{work}/fts.db"
subprocess.run([genret, "index", corpus, "-o", index, "--no-encoder", "-q"], check=True)
connection = sqlite3.connect(database)
connection.execute("CREATE VIRTUAL TABLE passages USING fts5(id UNINDEXED, text)")
connection.executemany("INSERT INTO passages VALUES (?, ?)", ((p["_id"], p["text"]) for p in passages))
connection.commit()
connection.close()

chance = random.Random(1)
queries = []
while len(queries) < runs:
    words = re.findall(r"[a-z]{3,}", chance.choice(passages)["text"].lower())
    if len(words) >= 4:
        queries.append(words[:4])

# Prints what the question took inside the process, in milliseconds.
SQLITE = """
import sqlite3, sys, time
start = time.perf_counter()
rows = sqlite3.connect(sys.argv[1]).execute(
    "SELECT id FROM passages WHERE passages MATCH ? ORDER BY bm25(passages) LIMIT 10", (sys.argv[2],)).fetchall()
print(1000 * (time.perf_counter() - start))
"""


def milliseconds(command):
    start = time.perf_counter()
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return 1000 * (time.perf_counter() - start), printed


def row(label, times):
    times = sorted(times)
    print(f"{label:<44}{times[0]:>8.1f}{times[len(times) // 2]:>8.1f}{times[-1]:>8.1f}", flush=True)
    return times[len(times) // 2]


print(f"{len(passages)} passages, {runs} processes each; milliseconds")
print(f"{'':<44}{'min':>8}{'p50':>8}{'max':>8}")
start = row("genret --version: the start of a process", [milliseconds([genret, "--version"])[0] for _ in queries])
for retrievers in ("bm25", "ngram,bm25"):
    whole, answers = [], []
    for words in queries:
        took, printed = milliseconds(
            [genret, "query", index, " ".join(words), "--retrievers", retrievers, "--json=v1"])
        whole.append(took)
        answers.append(json.loads(printed)["milliseconds"])
    process = row(f"genret query, {retrievers}", whole)
    answer = row("  of it the answer", answers)
    print(f"{'  of it opening (less start and answer)':<44}{'':>8}{process - start - answer:>8.1f}")
row("SQLite FTS5, opening and answer, any word",
    [float(milliseconds([sys.executable, "-c", SQLITE, database, " OR ".join(words)])[1]) for words in queries])
row("SQLite FTS5, opening and answer, all words",
    [float(milliseconds([sys.executable, "-c", SQLITE, database, " ".join(words)])[1]) for words in queries])
