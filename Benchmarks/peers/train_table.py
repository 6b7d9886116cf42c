"""Prints the lines of Benchmarks/train as a table, genret's beside PyTorch's.

    train_table.py FIGURES

Examples a second: the median, the most, and the most by processor time. A ratio above 1 says that
genret is faster. Fails when the two do not compute the same losses.
"""

import sys


def main(path):
    table = {}
    for line in open(path):
        if line.startswith("engine="):
            entry = dict(part.split("=", 1) for part in line.split())
            table.setdefault(entry["threads"], {}).setdefault(entry["engine"], []).append(entry)
    print(f"{'threads':>7}  {'examples a second':<18}{'genret':>10}{'torch':>10}{'ratio':>8}")
    same = True
    for threads, engines in table.items():
        if set(engines) != {"genret", "torch"}:
            continue
        for name, column in (("median", "examples"), ("most", "best"), ("by processor time", "cpu")):
            # Of several rounds the best: other work only ever takes away.
            ours, theirs = (max(float(e[column]) for e in engines[n]) for n in ("genret", "torch"))
            print(f"{threads:>7}  {name:<18}{ours:>10.1f}{theirs:>10.1f}{ours / theirs:>8.2f}")
        losses = [[float(x) for x in engines[n][0]["losses"].split(",")] for n in ("genret", "torch")]
        same = same and all(abs(a - b) <= 1e-3 * abs(b) for a, b in zip(*losses))
    if not same:
        sys.exit("DIFFERENT losses")


if __name__ == "__main__":
    main(*sys.argv[1:])
