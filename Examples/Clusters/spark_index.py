"""Builds one genret index with Spark: a plan from a sample, a segment for each partition, one commit.

    spark-submit spark_index.py CORPUS.jsonl --output INDEX --partitions 7

CORPUS.jsonl has a passage a line ("_id", "title", "text") and may be anything that Spark reads, such as "hdfs:///corpus/*.jsonl".
INDEX and the work folder are on storage that the driver and all executors see. Nothing is shuffled: a partition's lines go through a
pipe to genret, in their order, and what comes back is a receipt of some hundred bytes.

What happens when something fails: a task that dies is run again by Spark and writes a folder of its own, so that a half-written one
is never looked at, and a speculative twin does no harm. A receipt is kept for every segment that was finished; started again with the
same work folder, only the missing ones are built. A line that is no passage is counted, and more than --bad-lines of them in a
segment fail its task.
"""
import argparse
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pyspark import TaskContext
from pyspark.sql import SparkSession


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus")
    parser.add_argument("--output", required=True, help="where the index goes")
    parser.add_argument("--partitions", type=int, default=8, help="segments; one to two million passages each is good")
    parser.add_argument("--sample", type=int, default=100_000, help="passages that the plan is made of")
    parser.add_argument("--work", help="plan, segments and receipts (default: OUTPUT.work)")
    parser.add_argument("--genret", default="genret", help="the program, on every machine")
    parser.add_argument("--options", default="", help='of the plan: --options="--encoder-budget all"')
    parser.add_argument("--bad-lines", type=float, default=0.01, help="the share that a segment may have")
    return parser.parse_args()


def command(*words, **options):
    """Runs genret; what it says when it fails is the task's error."""
    done = subprocess.run([str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{words[1]}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout.decode()


def make_plan(lines, given, work):
    """An index of the passages whose lines have the lowest hashes: the same sample, however the corpus is cut."""
    plan = work / "plan"
    if not (plan / "manifest.json").exists():
        sample = lines.takeOrdered(given.sample, key=lambda line: hashlib.sha256(line.encode()).digest())
        (work / "sample.jsonl").write_text("".join(line + "\n" for line in sample), encoding="utf-8")
        command(given.genret, "plan", work / "sample.jsonl", "-o", plan, "-q", *given.options.split())
    return plan


def segment_builder(given, plan, work):
    """What a task does with the lines of a partition."""
    genret, folder, most = given.genret, work / "segments", given.bad_lines

    def build(number, lines):
        name = f"{number:06d}"
        kept = folder / f"{name}.json"
        if kept.exists():
            yield kept.read_text()
            return
        first = next(lines, None)
        if first is None:
            return
        attempt = folder / f"{name}.attempt-{TaskContext.get().taskAttemptId()}"
        shutil.rmtree(attempt, ignore_errors=True)
        with subprocess.Popen(
            [genret, "index", "-", "--plan", str(plan), "--segment", name, "-o", str(attempt), "-q"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        ) as process:
            try:
                for line in itertools.chain([first], lines):
                    process.stdin.write(line.encode() + b"\n")
            except BrokenPipeError:
                pass  # It ended early; it says why.
            output, errors = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"segment {name}: {errors.decode(errors='replace')[-2000:]}")
        receipt = json.loads(output)
        if receipt["badLines"] > most * max(1, receipt["passages"]):
            raise RuntimeError(f"segment {name}: {receipt['badLines']} lines gave no passage")
        # A rename is all or nothing, so that a receipt that is there is whole.
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(receipt))
        os.replace(partial, kept)
        yield json.dumps(receipt)

    return build


def main():
    given = arguments()
    work = Path(given.work or given.output + ".work").absolute()
    (work / "segments").mkdir(parents=True, exist_ok=True)
    spark = SparkSession.builder.appName("genret index").getOrCreate()
    lines = spark.sparkContext.textFile(given.corpus, given.partitions)
    plan = make_plan(lines, given, work)
    receipts = lines.mapPartitionsWithIndex(segment_builder(given, plan, work)).collect()
    spark.stop()
    (work / "receipts.jsonl").write_text("".join(receipt + "\n" for receipt in receipts))
    passages = sum(json.loads(receipt)["passages"] for receipt in receipts)
    print(f"{len(receipts)} segments, {passages:,} passages", file=sys.stderr)
    print(command(given.genret, "commit", given.output, work / "receipts.jsonl", "--plan", plan, "-q"), end="")


if __name__ == "__main__":
    main()
