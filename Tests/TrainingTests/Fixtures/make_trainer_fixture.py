"""Makes trainer.json: the losses that genret_trainer has on jobs of the sample corpus.

    make_trainer_fixture.py GENRET          needs the built genret, and torch, numpy, safetensors

The options are those of TrainerTests.swift.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

import torch

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "trainer"))

from genret_trainer.__main__ import KINDS  # noqa: E402
from genret_trainer.job import Job  # noqa: E402
from genret_trainer.loop import Run  # noqa: E402

SAMPLE = ROOT / "corpora" / "sample"
OPTIONS = [
    "--queries", SAMPLE / "queries.jsonl", "--qrels", SAMPLE / "qrels" / "test.tsv", "--steps", "12", "--evaluate", "4",
    "--batch", "16", "--held-out", "0.2", "--warmup", "2", "--learning-rate", "0.001"]
TRAININGS = {"ngram": ["ngram", "--layers", "1", "--question-share", "0.3"]} | {
    f"dense-{kind}": ["dense", "--negatives", kind, "--negative-count", "20"]
    for kind in ("all", "hard", "static", "mixed")}


def main():
    environment = os.environ | {"GENRET_MODELS": str(ROOT / "Tests" / "TransformersTests" / "Fixtures")}
    fixture = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def genret(*arguments):
            subprocess.run([sys.argv[1], *map(str, arguments)], check=True, env=environment)

        index = folder / "sample.genret"
        genret("index", SAMPLE, "-o", index, "--encoder", "tiny_bert", "-q", "--pseudo-queries", "0")
        for name, (kind, *rest) in TRAININGS.items():
            genret("train", kind, index, "--export", folder / name, *rest, *OPTIONS)
            job, device = Job(folder / name), torch.device("cpu")
            run = Run(job, KINDS[job.kind](job, device), folder / f"{name}-output", device, quiet=True)
            losses, held_out = [], []

            def hear(_, loss, other):
                losses.append(loss)
                if other is not None:
                    held_out.append(other)

            run.run(hear)
            fixture[name] = {"losses": losses, "held_out": held_out}
    (HERE / "trainer.json").write_text(json.dumps(fixture, indent=1) + "\n")


if __name__ == "__main__":
    main()
