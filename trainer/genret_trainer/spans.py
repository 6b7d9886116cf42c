"""Where the spans of a passage start that answer a query: near what the two share, by rarity."""

import numpy as np


class SpanSampler:
    """Start weights of a pair (SEAL's overlap sampling, with rarity in place of fuzzy windows)."""

    def __init__(self, passages, vocabulary, starts_word, span, beside=5):
        counts = np.bincount(passages.tokens, minlength=vocabulary)
        self.rarity = np.log(max(1, len(passages.tokens)) / np.maximum(counts, 1)).astype(np.float32)
        self.rarity[counts == 0] = 0
        # Words that stand everywhere say nothing about where to look.
        self.rarity[counts > len(passages.tokens) / 400] = 0
        self.starts_word = starts_word
        self.span, self.beside = span, beside

    def weights(self, query, passage):
        """float32 [len(passage)], sums to 1."""
        shared = np.where(np.isin(passage, query), self.rarity[passage], 0)
        sums = np.concatenate([[0], np.cumsum(shared)])
        n = len(passage)
        start = np.arange(n)
        end = np.minimum(start + self.span, n)
        inside = sums[end] - sums[start]
        around = sums[np.minimum(end + self.beside, n)] - sums[np.maximum(start - self.beside, 0)] - inside
        weight = (inside + 0.5 * around) ** 2 + 1.0
        weight[~self.starts_word[passage]] = 0
        # A span needs room; the last few starts would be cut short.
        if n > self.span:
            weight[n - self.span + 1:] *= 0.25
        total = weight.sum()
        return (weight / total if total > 0 else np.full(n, 1 / n)).astype(np.float32)
