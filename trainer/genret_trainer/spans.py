"""Where the spans of a passage start that a query should generate: genret's SpanSampler."""

import numpy as np

BESIDE, FREQUENT = 5, 400


class SpanSampler:
    """Draws spans near what query and passage share, weighted by rarity (after Bevilacqua et al. 2022).

    `starts_word` says of each token whether a span may start with it, `beside_weight` what the overlap beside a span counts.
    """

    def __init__(self, passages, starts_word, length, beside_weight=0.5):
        self.length, self.starts_word = length, starts_word.astype(bool)
        self.beside_weight = np.float32(beside_weight)
        counts = np.bincount(passages.tokens, minlength=len(starts_word))[:len(starts_word)]
        total = len(passages.tokens)
        told = (counts > 0) & (counts * FREQUENT <= total)
        share = np.float32(total) / np.maximum(counts, 1).astype(np.float32)
        self.rarity = np.where(told, np.log(share), np.float32(0)).astype(np.float32)

    def starts(self, query, passage):
        """The share of each place of a passage as a start, float32; they sum to 1."""
        count, length = len(passage), self.length
        shared = np.where(np.isin(passage, query), self.rarity[passage], np.float32(0))
        # One after the other, as genret adds them.
        sums = np.cumsum(np.concatenate([np.zeros(1, np.float32), shared]), dtype=np.float32)
        place = np.arange(count)
        end = np.minimum(place + length, count)
        inside = sums[end] - sums[place]
        around = sums[np.minimum(end + BESIDE, count)] - sums[np.maximum(place - BESIDE, 0)] - inside
        root = inside + self.beside_weight * around
        weights = root * root + np.float32(1)
        if count > length:
            weights[place + length > count] *= np.float32(0.25)
        weights[~self.starts_word[passage]] = 0
        total = np.cumsum(weights, dtype=np.float32)[-1]
        if total <= 0:
            return np.full(count, np.float32(1) / np.float32(max(1, count)), np.float32)
        return weights / total

    @staticmethod
    def pick(starts, draw):
        """Draws a start; `draw` is uniform in 0..<1."""
        rest = np.subtract.accumulate(np.concatenate([[np.float32(draw)], starts]).astype(np.float32))[1:]
        below = np.nonzero(rest < 0)[0]
        return int(below[0]) if len(below) else int(np.nonzero(starts > 0)[0][-1])
