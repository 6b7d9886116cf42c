"""Prints the lines of Benchmarks/decode as a table, genret's beside CTranslate2's.

    decode_table.py FIGURES

Milliseconds of a whole batch, the median, and processor time, the least. A ratio above 1 says that
genret is faster. CTranslate2 knows no constraint of this kind: its free decoding stands beside
genret's constrained one.
"""

import sys


def main(path):
    table = {}
    for line in open(path):
        if not line.startswith("engine="):
            continue
        entry = dict(part.split("=", 1) for part in line.split())
        key = tuple(entry[k] for k in ("model", "kind", "threads", "task", "batch", "source"))
        table[entry["engine"], key] = float(entry["ms"]), float(entry["cpu"])
    print(f"{'model':<11}{'kind':<9}{'threads':>7}  {'task':<23}{'batch':>6}"
          f"{'genret':>10}{'ct2':>10}{'ratio':>7}{'cpu':>10}{'ct2 cpu':>10}{'ratio':>7}")
    for (engine, key), (ms, cpu) in table.items():
        if engine != "genret":
            continue
        model, kind, threads, task, batch, source = key
        free = task.split("-")[0]
        peer = table.get(("ctranslate2", (model, kind, threads, free, batch, source)))
        row = f"{model:<11}{kind:<9}{threads:>7}  {task + ' ' + batch + 'x' + source:<23}{batch:>6}"
        row += f"{ms:>10.1f}"
        row += f"{peer[0]:>10.1f}{peer[0] / ms:>7.2f}" if peer else f"{'-':>10}{'-':>7}"
        row += f"{cpu:>10.1f}"
        row += f"{peer[1]:>10.1f}{peer[1] / cpu:>7.2f}" if peer else f"{'-':>10}{'-':>7}"
        print(row)


if __name__ == "__main__":
    main(*sys.argv[1:])
