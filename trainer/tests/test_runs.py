"""Whole trainings."""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import unittest

import torch
from safetensors.numpy import load_file

from genret_trainer.__main__ import KINDS
from genret_trainer.job import Job, JobError
from genret_trainer.loop import Run

from . import tiny

CPU = torch.device("cpu")
PACKAGE = pathlib.Path(__file__).resolve().parents[1]


class Stop(Exception):
    pass


class Runs(unittest.TestCase):
    def setUp(self):
        tiny.threads()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)

    def run_job(self, job, output, on_step=lambda *_: None):
        job = Job(job)
        run = Run(job, KINDS[job.kind](job, CPU), output, CPU, quiet=True)
        run.run(on_step)
        return run

    def test_resumes(self):
        for kind in KINDS:
            job = tiny.write(self.root / kind, kind, {})
            self.run_job(job, self.root / f"{kind}-whole")

            def stop(step, *_):
                if step == 5:
                    raise Stop

            with self.assertRaises(Stop):
                self.run_job(job, self.root / f"{kind}-parts", stop)
            self.assertFalse((self.root / f"{kind}-parts" / "model.safetensors").exists())
            steps = []
            self.run_job(job, self.root / f"{kind}-parts", lambda step, *_: steps.append(step))
            self.assertEqual(steps, [5, 6])
            one, two = ((self.root / f"{kind}-{n}" / "model.safetensors").read_bytes() for n in ("whole", "parts"))
            self.assertEqual(one, two)
            other = tiny.write(self.root / f"{kind}-other", kind, {}, seed=2)
            with self.assertRaisesRegex(JobError, "another job"):
                self.run_job(other, self.root / f"{kind}-parts")

    def test_learns(self):
        for kind in KINDS:
            job = tiny.write(self.root / kind, kind, {}, {"steps": 40})
            losses = []
            self.run_job(job, self.root / f"{kind}-output", lambda _, loss, held_out: losses.append(loss))
            self.assertLess(sum(losses[-8:]), 0.95 * sum(losses[:8]))
            names = load_file(self.root / f"{kind}-output" / "model.safetensors").keys()
            self.assertEqual(names, load_file(job / "start" / "model.safetensors").keys())
            self.assertEqual(
                (self.root / f"{kind}-output" / "config.json").read_bytes(), (job / "start/config.json").read_bytes())

    def test_keeps_start(self):
        job = tiny.write(self.root / "job", "dense", {}, {"learning_rate": 1e-12})
        self.run_job(job, self.root / "output")
        self.assertEqual(
            (self.root / "output/model.safetensors").read_bytes(), (job / "start/model.safetensors").read_bytes())

    def test_minutes(self):
        job = tiny.write(self.root / "job", "dense", {}, {"steps": None, "minutes": 0.02})
        run = self.run_job(job, self.root / "output")
        self.assertEqual(run.step, run.steps)
        self.assertGreater(run.steps, 12)

    def test_damage(self):
        job = tiny.write(self.root / "job", "ngram", {})
        with self.assertRaisesRegex(JobError, "absent"):
            Job(self.root / "absent")
        text = (job / "job.json").read_text()
        for change, message in (
                ({"format": 9}, "format 9"), ({"weights": "I8"}, "I8"), ({"plan": None, "kind": None}, None)):
            (job / "job.json").write_text(json.dumps(json.loads(text) | change))
            if message:
                with self.assertRaisesRegex(JobError, message):
                    Job(job)
        for broken in ("{", "[]", "{}"):
            (job / "job.json").write_text(broken)
            with self.assertRaisesRegex(JobError, "not a job"):
                Job(job)
        (job / "job.json").write_text(text)
        data = bytearray((job / "data.safetensors").read_bytes())
        data[-1] ^= 1
        (job / "data.safetensors").write_bytes(data)
        with self.assertRaisesRegex(JobError, "not the file"):
            Job(job)

    def test_command(self):
        """A process alone, and two of a group: the same weights but for rounding; a sentence for mistakes."""
        environment = os.environ | {"PYTHONPATH": str(PACKAGE), "OMP_NUM_THREADS": "1"}

        def command(*arguments):
            return subprocess.run(
                [sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)

        failed = command("-m", "genret_trainer", str(self.root / "absent"), "-o", str(self.root / "x"))
        self.assertEqual(failed.returncode, 1)
        self.assertEqual(len(failed.stderr.splitlines()), 1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        for kind in KINDS:
            job = tiny.write(self.root / kind, kind, {})
            one = command("-m", "genret_trainer", str(job), "-o", str(self.root / f"{kind}-one"))
            self.assertEqual(one.returncode, 0, one.stderr)
            two = command(
                "-m", "torch.distributed.run", "--nproc_per_node=2", f"--master_port={port}", "-m", "genret_trainer",
                str(job), "-o", str(self.root / f"{kind}-two"))
            self.assertEqual(two.returncode, 0, two.stderr)
            weights = [load_file(self.root / f"{kind}-{n}" / "model.safetensors") for n in ("one", "two")]
            # A softmax does not see what is added to all keys: there gradients are rounding alone.
            for name in weights[0].keys() - {n for n in weights[0] if n.endswith((".k.bias", "key.bias"))}:
                self.assertLess(abs(weights[0][name] - weights[1][name]).max(), 1e-3, name)


if __name__ == "__main__":
    unittest.main()
