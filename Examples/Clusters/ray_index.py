"""Builds one genret index with Ray: a plan from a sample, a segment for each piece of the corpus, one commit.

    python ray_index.py CORPUS.jsonl --output INDEX --pieces 7

CORPUS.jsonl has a passage a line ("_id", "title", "text"). It, INDEX and the work folder are on storage that all nodes see. A task
reads its piece from the file itself, so that no text goes through the driver, and what comes back is a receipt.

What happens when something fails: Ray runs a task again whose worker dies (max_retries) or whose build fails (retry_exceptions), and
each attempt writes a folder of its own. A receipt is kept for every segment that was finished; started again with the same work
folder, only the missing ones are built.
"""
import argparse
import hashlib
import heapq
import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import ray


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--output", required=True, help="where the index goes")
    parser.add_argument("--pieces", type=int, default=8, help="segments; one to two million passages each is good")
    parser.add_argument("--sample", type=int, default=100_000, help="passages that the plan is made of")
    parser.add_argument("--work", help="plan, segments and receipts (default: OUTPUT.work)")
    parser.add_argument("--genret", default="genret", help="the program, on every node")
    parser.add_argument("--options", default="", help='of the plan: --options="--encoder-budget all"')
    parser.add_argument("--address", help="of a cluster; a local one is started if not given")
    return parser.parse_args()


def command(*words, **options):
    """Runs genret; what it says when it fails is the task's error."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{words[1]}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


def pieces(corpus, count):
    """Where to cut the file so that every line is whole, and in one piece."""
    size = corpus.stat().st_size
    cuts = [0]
    with corpus.open("rb") as file:
        for number in range(1, count):
            file.seek(max(cuts[-1], size * number // count - 1))
            file.readline()
            cuts.append(file.tell())
    return [(start, end) for start, end in zip(cuts, cuts[1:] + [size]) if end > start]


def make_plan(given, work):
    """An index of the passages whose lines have the lowest hashes: the same sample, however the corpus is cut."""
    plan = work / "plan"
    if not (plan / "manifest.json").exists():
        with given.corpus.open("rb") as file:
            lines = (line.rstrip(b"\n") for line in file)
            sample = heapq.nsmallest(given.sample, lines, key=lambda line: hashlib.sha256(line).digest())
        (work / "sample.jsonl").write_bytes(b"".join(line + b"\n" for line in sample))
        command(given.genret, "plan", work / "sample.jsonl", "-o", plan, "-q", *given.options.split())
    return plan


@ray.remote(num_cpus=2, max_retries=3, retry_exceptions=True)
def build(number, start, end, corpus, plan, work, genret):
    """Builds the segment of a piece of the corpus; its receipt as JSON."""
    name = f"{number:06d}"
    kept = work / "segments" / f"{name}.json"
    if kept.exists():
        return kept.read_text()
    attempt = work / "segments" / f"{name}.attempt-{uuid.uuid4().hex[:8]}"
    with corpus.open("rb") as file:
        file.seek(start)
        text = file.read(end - start)
    receipt = command(genret, "index", "-", "--plan", plan, "--segment", name, "-o", attempt, "-q", input=text)
    # A rename is all or nothing, so that a receipt that is there is whole.
    partial = kept.with_suffix(f".{os.getpid()}")
    partial.write_text(receipt)
    os.replace(partial, kept)
    return receipt


def main():
    given = arguments()
    given.corpus = given.corpus.absolute()
    work = Path(given.work or given.output + ".work").absolute()
    (work / "segments").mkdir(parents=True, exist_ok=True)
    ray.init(address=given.address, log_to_driver=False)
    plan = make_plan(given, work)
    tasks = [
        build.remote(number, start, end, given.corpus, plan, work, given.genret)
        for number, (start, end) in enumerate(pieces(given.corpus, given.pieces))
    ]
    receipts = [receipt.strip() for receipt in ray.get(tasks)]
    (work / "receipts.jsonl").write_text("".join(receipt + "\n" for receipt in receipts))
    passages = sum(json.loads(receipt)["passages"] for receipt in receipts)
    print(f"{len(receipts)} segments, {passages:,} passages", file=sys.stderr)
    print(command(given.genret, "commit", given.output, work / "receipts.jsonl", "--plan", plan, "-q"), end="")


if __name__ == "__main__":
    main()
