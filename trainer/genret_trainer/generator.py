"""The generator as genret's GeneratorNetwork: a small decoder over an encoder's states that writes tokens or
copies them from its source. docs/scoring.md has the network, docs/format.md its tensors."""

import dataclasses
import math

import torch
import torch.nn.functional as F
from torch import nn

from .ragged import padded
from .weights import Weights, load

LEAST = -1e30


@dataclasses.dataclass
class Target:
    """One sequence to generate: its source's number, its task's, its tokens; and what the first row predicts
    instead of the first token, tokens and weights, where that is a distribution."""

    source: int
    task: int
    tokens: list
    first: tuple | None = None


class Generator(nn.Module):
    """A generator of a folder; `words` are its encoder's embeddings [V x d], frozen."""

    def __init__(self, folder, config, words):
        super().__init__()
        self.width, self.layers, self.heads = config["hidden_size"], config["num_layers"], config["num_heads"]
        self.longest, self.tasks = config["max_positions"], config["tasks"]
        self.epsilon = config.get("layer_norm_eps", 1e-5)
        self.weights = Weights(load(folder / "model.safetensors", self._shapes(config)))
        self.register_buffer("words", words, persistent=False)

    @staticmethod
    def _shapes(config):
        d, f, v = config["hidden_size"], config["intermediate_size"], config["vocab_size"]
        shapes = {
            "start.weight": (len(config["tasks"]), d), "positions.weight": (config["max_positions"], d),
            "embed_map.weight": (d, d)}
        for index in range(config["num_layers"]):
            p = f"layers.{index}."
            for part in ("self", "cross"):
                shapes[p + part + "_norm.weight"] = shapes[p + part + "_norm.bias"] = (d,)
                for name in "qkvo":
                    shapes[p + f"{part}_attn.{name}.weight"] = (d, d)
                    shapes[p + f"{part}_attn.{name}.bias"] = (d,)
            shapes[p + "ff_norm.weight"] = shapes[p + "ff_norm.bias"] = (d,)
            shapes[p + "ff.up.weight"], shapes[p + "ff.up.bias"] = (f, d), (f,)
            shapes[p + "ff.down.weight"], shapes[p + "ff.down.bias"] = (d, f), (d,)
        shapes |= {
            "final_norm.weight": (d,), "final_norm.bias": (d,), "output_map.weight": (d, d), "output_bias": (v,),
            "copy.query.weight": (d, d), "copy.key.weight": (d, d), "copy.gate.weight": (1, d),
            "copy.gate.bias": (1,)}
        return shapes

    def _linear(self, x, name, bias=True):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"] if bias else None)

    def _norm(self, x, name):
        return F.layer_norm(
            x, (self.width,), self.weights[name + ".weight"], self.weights[name + ".bias"], self.epsilon)

    def _attend(self, x, memory, name, mask=None):
        def heads(y):
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        q, k, v = (heads(self._linear(y, f"{name}.{n}")) for y, n in ((x, "q"), (memory, "k"), (memory, "v")))
        scale = 1 / math.sqrt(self.width // self.heads)
        seen = F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None, scale=scale)
        return self._linear(seen.transpose(1, 2).flatten(2), name + ".o")

    def forward(self, states, source_tokens, source_mask, targets):
        """The sum of -log p over all predicted rows.

        `states` are the encoder's [sources x tokens x d]; in `source_tokens` what is never copied is -1.
        """
        device = states.device
        tokens, mask = padded([t.tokens for t in targets], device)
        source = torch.tensor([t.source for t in targets], device=device)
        task = torch.tensor([t.task for t in targets], device=device)
        start = self.weights["start.weight"][task][:, None]
        x = torch.cat([start, F.linear(F.embedding(tokens[:, :-1], self.words), self.weights["embed_map.weight"])], 1)
        x = x + self.weights["positions.weight"][:x.shape[1]]
        memory, seen = states[source], source_mask[source][:, None, None]
        for index in range(self.layers):
            p = f"layers.{index}."
            h = self._norm(x, p + "self_norm")
            x = x + self._attend(h, h, p + "self_attn")
            x = x + self._attend(self._norm(x, p + "cross_norm"), memory, p + "cross_attn", seen)
            h = self._norm(x, p + "ff_norm")
            x = x + self._linear(F.gelu(self._linear(h, p + "ff.up")), p + "ff.down")
        h = self._norm(x, "final_norm")[mask]
        source_of_row = source.repeat_interleave(mask.sum(1))
        return self._mixture(h, states, source_tokens, source_of_row, *self._aims(targets, device))

    def _aims(self, targets, device):
        """What rows predict: the row, token and weight of each."""
        rows, tokens, weights, row = [], [], [], 0
        for target in targets:
            first = target.first if target.first is not None else (target.tokens[:1], [1.0])
            rows += [row] * len(first[0]) + list(range(row + 1, row + len(target.tokens)))
            tokens += [*first[0], *target.tokens[1:]]
            weights += [*first[1], *[1.0] * (len(target.tokens) - 1)]
            row += len(target.tokens)
        return (torch.tensor(rows, device=device), torch.tensor(tokens, device=device),
                torch.tensor(weights, device=device, dtype=torch.float32))

    def _mixture(self, h, states, source_tokens, source_of_row, rows, tokens, weights):
        """-sum w log p(t), p a mixture of the vocabulary's softmax and of copying (See, Liu and Manning 2017)."""
        x = self._linear(h, "output_map", bias=False)
        logits = F.linear(x, self.words).float() + self.weights["output_bias"]
        by_vocabulary = logits[rows, tokens] - logits.logsumexp(-1)[rows]
        keys = self._linear(states, "copy.key", bias=False)[source_of_row]
        query = self._linear(h, "copy.query", bias=False)
        scores = (keys @ query[:, :, None])[..., 0].float() / math.sqrt(self.width)
        copyable = source_tokens[source_of_row] >= 0
        attention = scores.masked_fill(~copyable, LEAST).softmax(-1) * copyable
        mass = (attention[rows] * (source_tokens[source_of_row[rows]] == tokens[:, None])).sum(-1)
        gate = self._linear(h, "copy.gate")[rows, 0].float()
        by_copy = torch.where(mass > 0, mass, 1).log().masked_fill(mass <= 0, LEAST)
        log_p = torch.logaddexp(F.logsigmoid(-gate) + by_vocabulary, F.logsigmoid(gate) + by_copy)
        return -(weights * log_p).sum()
