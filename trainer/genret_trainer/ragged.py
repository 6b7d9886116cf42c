"""Lists of token sequences in one flat array, as job folders store them."""

import numpy as np


class Ragged:
    """Sequences `tokens[offsets[i]:offsets[i + 1]]`."""

    def __init__(self, tokens, offsets):
        self.tokens = np.asarray(tokens, np.int32)
        self.offsets = np.asarray(offsets, np.int64)

    @classmethod
    def of(cls, sequences):
        lengths = np.fromiter((len(s) for s in sequences), np.int64, len(sequences))
        offsets = np.concatenate([[0], np.cumsum(lengths)])
        tokens = np.concatenate([np.asarray(s, np.int32) for s in sequences]) if len(sequences) else []
        return cls(tokens, offsets)

    def __len__(self):
        return len(self.offsets) - 1

    def __getitem__(self, index):
        return self.tokens[self.offsets[index]:self.offsets[index + 1]]

    def tensors(self, name):
        return {f"{name}.tokens": self.tokens, f"{name}.offsets": self.offsets.astype(np.int32)}

    @classmethod
    def read(cls, tensors, name):
        return cls(tensors[f"{name}.tokens"], tensors[f"{name}.offsets"])

    def padded(self, indices, pad=0):
        """int64 [n, longest] and its mask."""
        rows = [self[i] for i in indices]
        longest = max(1, max(len(r) for r in rows))
        ids = np.full((len(rows), longest), pad, np.int64)
        mask = np.zeros((len(rows), longest), bool)
        for place, row in enumerate(rows):
            ids[place, :len(row)] = row
            mask[place, :len(row)] = True
        return ids, mask
