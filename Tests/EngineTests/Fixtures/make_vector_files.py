"""Makes files of vectors as NumPy and safetensors write them, and what must be read of them.

    make_vector_files.py FIXTURES_DIRECTORY

  vectors/            files of 5 vectors of 7 numbers, by their formats; some that are sound and not what is read, or hold a row that
                      has no direction
  vectors/rows.json   of every file that can be read, its rows scaled to length one in double precision

Needs `pip install numpy`.
"""

import json
import struct
import sys
from pathlib import Path

import numpy as np

ROWS, COLUMNS = 5, 7


def unit(rows):
    rows = rows.astype(np.float64)
    return (rows / np.sqrt((rows**2).sum(-1, keepdims=True))).tolist()


def safetensors(tensors):
    """The bytes of a file: tensors are (name, dtype, array whose bytes are written)."""
    header, data = {}, b""
    for name, dtype, array in tensors:
        raw = array.tobytes()
        header[name] = {"dtype": dtype, "shape": list(array.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def main():
    folder = Path(sys.argv[1]) / "vectors"
    folder.mkdir(exist_ok=True)
    random = np.random.default_rng(7)
    base = random.standard_normal((ROWS, COLUMNS)) * np.array([[1], [1e-3], [300], [0.5], [2]])
    single = base.astype("<f4")
    rows = {}

    def npy(name, array, version=(1, 0)):
        with open(folder / name, "wb") as file:
            np.lib.format.write_array(file, array, version=version)

    for kind in ("<f2", "<f4", "<f8"):
        array = base.astype(kind)
        for version in (1, 2, 3):
            name = f"{kind[1:]}_v{version}.npy"
            npy(name, array, (version, 0))
            rows[name] = unit(array)
    # Numbers whose squares leave single precision, or vanish in it.
    extreme = single * np.float32(1e30)
    extreme[1] = single[1] * np.float32(1e-35)
    npy("extreme.npy", extreme)
    rows["extreme.npy"] = unit(extreme)

    brain = single.view("<u4") >> 16
    half = base.astype("<f2")
    for name, tensors, read in (
        ("f32.safetensors", [("embeddings", "F32", single)], single),
        ("f16.safetensors", [("embeddings", "F16", half)], half),
        ("bf16.safetensors", [("embeddings", "BF16", brain.astype("<u2"))], (brain << 16).astype("<u4").view("<f4")),
    ):
        (folder / name).write_bytes(safetensors(tensors))
        rows[name] = unit(read)
    (folder / "two.safetensors").write_bytes(
        safetensors([("images", "F32", single), ("texts", "F32", single[::-1].copy()), ("bias", "F32", single[0])]))
    rows["two.safetensors:images"] = unit(single)
    rows["two.safetensors:texts"] = unit(single[::-1])

    with open(folder / "lines.jsonl", "w") as file:
        for place, row in enumerate(single):
            file.write(json.dumps({"id": f"p{place}", "model": {"name": "a"}, "vector": [float(x) for x in row]}) + "\n")
    rows["lines.jsonl"] = unit(single)

    npy("fortran.npy", np.asfortranarray(single))
    npy("big.npy", base.astype(">f4"))
    npy("whole.npy", np.arange(6, dtype="<i4").reshape(2, 3))
    npy("flat.npy", single[0])
    npy("deep.npy", single.reshape(1, ROWS, COLUMNS))
    npy("empty.npy", single[:0])
    npy("records.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<f4")]))
    for name, value in (("nan.npy", np.nan), ("infinite.npy", np.inf)):
        bad = single.copy()
        bad[3, 2] = value
        npy(name, bad)
    zero = single.copy()
    zero[2] = 0
    npy("zero.npy", zero)
    (folder / "rows.json").write_text(json.dumps(rows) + "\n")


main()
