"""Times builds of texts that repeat themselves: repeats.py GENRET WORK CORPUS [TOKENS ...]"""

import json
import os
import random
import re
import subprocess
import sys
import time

ROUNDS = 3


def fibonacci(count):
    first, second = ["left"], ["left", "right"]
    while len(second) < count:
        first, second = second, second + first
    return second[:count]


def texts(count, real):
    chance = random.Random(1)
    words = [f"w{i}" for i in range(5000)]
    phrase = "the patient was stable and went home".split()
    longer = (real * (count // len(real) + 1))[:count]
    yield "real text", longer
    yield "random tokens", [chance.choice(words) for _ in range(count)]
    yield "one token", ["word"] * count
    yield "one phrase", (phrase * (count // len(phrase) + 1))[:count]
    yield "Fibonacci word", fibonacci(count)


def build(genret, work, words):
    """Seconds and peak memory of the fastest of some builds."""
    corpus, index = os.path.join(work, "corpus.jsonl"), os.path.join(work, "index")
    with open(corpus, "w") as file:
        for name, text in (("a", " ".join(words)), ("b", "ordinary text after it")):
            file.write(json.dumps({"_id": name, "text": text}) + "\n")
    best = None
    for _ in range(ROUNDS):
        start = time.perf_counter()
        done = subprocess.run(
            [genret, "index", corpus, "-o", index, "--no-encoder", "-q", "--force"],
            capture_output=True, text=True)
        seconds = time.perf_counter() - start
        # What a parent can ask the system for counts the parent's own memory at the fork, too.
        memory = re.search(r"peak memory ([0-9.]+) (MiB|GiB)", done.stdout)
        if done.returncode != 0 or memory is None:
            sys.exit(f"repeats: genret index failed: {done.stderr}")
        if best is None or seconds < best[0]:
            best = (seconds, float(memory[1]) * (1024 if memory[2] == "GiB" else 1))
    return best


def main():
    genret, work, corpus, *sizes = sys.argv[1:]
    real = []
    with open(corpus) as file:
        for line in file:
            real += json.loads(line).get("text", "").split()
    print(f"{'tokens':>9}  {'text':<15} {'seconds':>8} {'of real':>8} {'MiB':>7} {'of real':>8}")
    for size in [int(size) for size in sizes] or [10_000, 100_000, 1_000_000]:
        reference = None
        for name, words in texts(size, real):
            seconds, memory = build(genret, work, words)
            reference = reference or (seconds, memory)
            print(f"{size:>9,}  {name:<15} {seconds:>8.2f} {seconds / reference[0]:>8.2f} "
                  f"{memory:>7.0f} {memory / reference[1]:>8.2f}", flush=True)


main()
