"""What batches are made of."""

import unittest

import numpy as np

from genret_trainer.ragged import Ragged, padded
from genret_trainer.seeded import SeededGenerator
from genret_trainer.spans import SpanSampler


class Batches(unittest.TestCase):
    def test_splitmix(self):
        # The reference implementation's first numbers from the seed 1234567.
        random = SeededGenerator(1234567)
        self.assertEqual(
            [random.next() for _ in range(3)], [6457827717110365317, 3203168211198807973, 9817491932198370423])

    def test_below(self):
        for bits in (32, 64):
            random = SeededGenerator(3)
            drawn = np.bincount([random.below(7, bits) for _ in range(7000)], minlength=7)
            self.assertEqual(len(drawn), 7)
            self.assertTrue((abs(drawn - 1000) < 150).all())

    def test_padding(self):
        tokens, mask = padded([[5, 6], [], [7, 8, 9]])
        self.assertEqual(tokens.tolist(), [[5, 6, 0], [0, 0, 0], [7, 8, 9]])
        self.assertEqual(mask.sum(1).tolist(), [2, 0, 3])

    def test_starts(self):
        passages = Ragged(np.tile(np.arange(4), 300), np.array([0, 1200]))
        # All tokens are too frequent to count: every start that begins a word is alike.
        sampler = SpanSampler(passages, np.array([1, 1, 0, 1]), 2)
        starts = sampler.starts(np.array([0]), np.array([0, 1, 2, 3, 0]))
        np.testing.assert_allclose(starts, np.array([1, 1, 0, 1, 0.25]) / 3.25, rtol=1e-6)
        self.assertEqual([sampler.pick(starts, d) for d in (0, 0.31, 0.62, 0.95)], [0, 1, 3, 4])
        rare = Ragged(np.concatenate([passages.tokens, [4]]), np.array([0, 1201]))
        starts = SpanSampler(rare, np.ones(5), 2).starts(np.array([4]), np.array([0, 1, 4, 1, 0, 1, 2, 3, 0, 1, 2, 3]))
        self.assertEqual(int(starts.argmax()), 1)


if __name__ == "__main__":
    unittest.main()
