"""Times genret's whole way, indexing and answering: pipeline.py WORK FOLDER [--split S] [--rounds N] GENRET [PEER]

The programs take turns in every round, and swap who begins. A figure is the best of the rounds: what
another program on the machine adds, it adds to the rest.
"""

import argparse
import os
import re
import resource
import shutil
import subprocess
import sys
import time

BUILDS = [
    ("index, no encoder", ["--no-encoder"]),
    ("index, no generator", ["--generator", "none"]),
    ("index, generator as it comes", ["--train-minutes", "0"]),
]
SEARCHES = [
    ("bm25", ["--retrievers", "bm25"]),
    ("dense", ["--retrievers", "dense"]),
    ("docid", ["--retrievers", "docid"]),
    ("n-gram", ["--retrievers", "ngram"]),
    ("n-gram, untrained", ["--retrievers", "ngram", "--generator", "untrained"]),
    ("fused", ["--rerank", "0"]),
    ("fused and reranked", ["--rerank", "20"]),
]


def run(command):
    """Wall seconds, processor seconds, and what the command printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode != 0:
        sys.exit(f"pipeline: {' '.join(command)}: {done.stderr}")
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, processor, done.stdout + done.stderr


def build(program, arguments, number, options):
    index = os.path.join(arguments.work, f"{number}.genret")
    shutil.rmtree(index, ignore_errors=True)
    wall, processor, _ = run([program, "index", arguments.folder, "-o", index, "-q", *options])
    return {"wall": wall, "cpu": processor}


def search(program, arguments, number, options):
    index = os.path.join(arguments.work, f"{number}.genret")
    _, processor, report = run([
        program, "search", index, "--topics", os.path.join(arguments.folder, "queries.jsonl"),
        "--qrels", os.path.join(arguments.folder, "qrels", arguments.split + ".tsv"), "--threads", "1",
        "--hits", "100", "-o", os.path.join(arguments.work, f"{number}.run"), *options])
    found = re.search(r"p50 ([0-9.]+) ms, p95 ([0-9.]+) ms", report)
    if found is None:
        sys.exit(f"pipeline: a report without latencies: {report}")
    return {"p50": float(found[1]), "p95": float(found[2]), "cpu": processor}


def measure(arguments, what, options):
    best = [{} for _ in arguments.programs]
    for turn in range(arguments.rounds):
        order = list(enumerate(arguments.programs))
        for number, program in order if turn % 2 == 0 else reversed(order):
            for name, value in what(program, arguments, number, options).items():
                best[number][name] = min(value, best[number].get(name, value))
    return best


def table(title, unit, columns, lines):
    programs = len(lines[0][1])
    print(f"\n{title:<30}" + "".join(
        f" {name + ', ' + unit:>12}" + (f" {'before':>9} {'ratio':>6}" if programs > 1 else "") for name in columns))
    for name, values in lines:
        text = f"{name:<30}"
        for column in columns:
            ours = values[0][column]
            text += f" {ours:>12.2f}"
            if programs > 1:
                peer = values[1][column]
                text += f" {peer:>9.2f} " + (f"{peer / ours:>6.2f}" if ours > 0 else f"{'-':>6}")
        print(text, flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("work")
    parser.add_argument("folder")
    parser.add_argument("programs", nargs="+")
    parser.add_argument("--split", default="test")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    table("indexing", "s", ["wall", "cpu"],
          [(name, measure(arguments, build, options)) for name, options in BUILDS])
    # The last index of each program is the one that is asked.
    table("answering, one thread", "ms", ["p50", "p95"],
          [(name, measure(arguments, search, options)) for name, options in SEARCHES])
    if len(arguments.programs) > 1:
        print("\nA ratio above 1 says that genret is faster than the one before.")


main()
