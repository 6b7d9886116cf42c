"""Sequences of different lengths in one flat array."""

import numpy as np
import torch


class Ragged:
    """Sequence i is `tokens[offsets[i]:offsets[i + 1]]`."""

    def __init__(self, tokens, offsets):
        self.tokens, self.offsets = tokens, offsets

    def __len__(self):
        return len(self.offsets) - 1

    def __getitem__(self, index):
        return self.tokens[self.offsets[index]:self.offsets[index + 1]]


def padded(sequences, device=None):
    """Sequences side by side: tokens [count x longest], zeros behind each, and where tokens are."""
    lengths = np.array([len(s) for s in sequences], dtype=np.int64)
    longest = int(lengths.max()) if len(lengths) else 0
    table = np.zeros((len(sequences), longest), dtype=np.int64)
    for row, sequence in enumerate(sequences):
        table[row, :len(sequence)] = sequence
    mask = np.arange(longest)[None] < lengths[:, None]
    return torch.from_numpy(table).to(device), torch.from_numpy(mask).to(device)
