"""Losses beside literal ones."""

import math
import pathlib
import tempfile
import unittest

import numpy as np
import torch
import torch.nn.functional as F

from genret_trainer.dense import DenseTask
from genret_trainer.job import Job
from genret_trainer.ngram import NgramTask
from genret_trainer.seeded import SeededGenerator

from . import tiny

CPU = torch.device("cpu")


class Losses(unittest.TestCase):
    def setUp(self):
        tiny.threads()
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def task(self, kind, task, **options):
        place = pathlib.Path(self.folder.name) / f"job-{len(list(pathlib.Path(self.folder.name).iterdir()))}"
        return task(Job(tiny.write(place, kind, options)), CPU)

    def test_ngram(self):
        """One target at a time, without padding, masks or logarithms."""
        task = self.task("ngram", NgramTask)
        sources, targets = batch = task.batch(SeededGenerator(5))
        self.assertEqual({t.task for t in targets}, {0, 1, 2})
        w, c = task.weights, tiny.GENERATOR
        linear = lambda x, n: F.linear(x, w[n + ".weight"], w[n + ".bias"])
        norm = lambda x, n: F.layer_norm(x, (tiny.D,), w[n + ".weight"], w[n + ".bias"], c["layer_norm_eps"])

        def attend(x, memory, name, causal):
            heads = lambda y: y.reshape(len(y), c["num_heads"], -1).transpose(0, 1)
            q, k, v = (heads(linear(y, f"{name}.{n}")) for y, n in ((x, "q"), (memory, "k"), (memory, "v")))
            scores = q @ k.transpose(1, 2) / math.sqrt(tiny.D // c["num_heads"])
            if causal:
                scores = scores + torch.full(scores.shape[1:], -torch.inf).triu(1)
            return linear((scores.softmax(-1) @ v).transpose(0, 1).reshape(len(x), tiny.D), name + ".o")

        total, rows = 0, 0
        with torch.no_grad():
            for target in targets:
                lists, number = sources[target.source]
                text = torch.from_numpy(lists[number].astype(np.int64))
                memory = task.encoder.states(text[None], torch.ones(1, len(text), dtype=torch.bool))[0]
                x = w["start.weight"][target.task][None]
                if len(target.tokens) > 1:
                    x = torch.cat([x, F.linear(task.network.words[target.tokens[:-1]], w["embed_map.weight"])])
                x = x + w["positions.weight"][:len(x)]
                for index in range(c["num_layers"]):
                    p = f"layers.{index}."
                    h = norm(x, p + "self_norm")
                    x = x + attend(h, h, p + "self_attn", True)
                    x = x + attend(norm(x, p + "cross_norm"), memory, p + "cross_attn", False)
                    x = x + linear(F.gelu(linear(norm(x, p + "ff_norm"), p + "ff.up")), p + "ff.down")
                h = norm(x, "final_norm")
                v = (F.linear(h, w["output_map.weight"]) @ task.network.words.T + w["output_bias"]).softmax(-1)
                scores = F.linear(h, w["copy.query.weight"]) @ F.linear(memory, w["copy.key.weight"]).T
                hidden = torch.tensor([int(t) in tiny.SPECIAL for t in text])
                a = (scores / math.sqrt(tiny.D)).masked_fill(hidden, -torch.inf).softmax(-1)
                g = linear(h, "copy.gate").sigmoid()
                p = (1 - g) * v + g * torch.zeros_like(v).index_add(1, text, a)
                for row, token in enumerate(target.tokens):
                    aims = zip(*target.first) if row == 0 and target.first else [(token, 1.0)]
                    total -= sum(weight * math.log(p[row, t]) for t, weight in aims)
                    rows += 1
            self.assertAlmostEqual(float(task.loss(task.module, batch)), float(total / rows), places=4)

    def test_dense(self):
        """All passages that are no query's own as negatives are a full softmax, whatever their kind."""
        whole = self.task("dense", DenseTask)
        rows, _ = batch = whole.batch(SeededGenerator(5))
        with torch.no_grad():
            total = 0
            for row in rows:
                x = whole.network.vectors([whole.queries[whole.training[0][row]]], CPU)[0]
                log_p = (whole.vectors @ x / 0.05).log_softmax(-1)
                total -= log_p[torch.from_numpy(whole.training[1][row].astype(np.int64))].mean()
            expected = float(total / len(rows))
            self.assertAlmostEqual(float(whole.loss(whole.module, batch)), expected, places=4)
            hard = self.task("dense", DenseTask, negatives="hard", negative_count=20)
            self.assertAlmostEqual(float(hard.loss(hard.module, batch)), expected, places=4)
            mixed = self.task("dense", DenseTask, negatives="mixed")
            self.assertAlmostEqual(float(mixed.loss(mixed.module, (rows, list(range(20))))), expected, places=4)
            fewer = self.task("dense", DenseTask, negatives="static")
            self.assertLess(float(fewer.loss(fewer.module, batch)), expected)

    def test_parts(self):
        """The parts of several processes sum to the whole."""
        for kind, task in (("ngram", NgramTask), ("dense", DenseTask)):
            task = self.task(kind, task)
            batch = task.batch(SeededGenerator(7))
            with torch.no_grad():
                whole = float(task.loss(task.module, batch))
                parts = sum(float(task.loss(task.module, batch, rank, 3)) for rank in range(3))
            self.assertAlmostEqual(whole, parts, places=4)

    def test_layers(self):
        task = self.task("dense", DenseTask, layers=1)
        self.assertTrue(all(".layer.1." in name for name, _ in task.weights.trained()))
        self.assertTrue(len(task.weights.trained()) > 0)


if __name__ == "__main__":
    unittest.main()
