"""BERT (Devlin et al. 2019) as genret's EncoderNetwork: texts to states, or to vectors of length one."""

import math

import torch
import torch.nn.functional as F
from torch import nn

from .job import JobError
from .ragged import padded
from .weights import Weights, load


class Encoder(nn.Module):
    """An encoder of a folder with `config.json` and `model.safetensors`."""

    def __init__(self, folder, config, is_frozen=lambda name: False):
        super().__init__()
        path = folder / "model.safetensors"
        if config.get("model_type") != "bert" or config.get("hidden_act", "gelu") != "gelu":
            raise JobError(f"{folder / 'config.json'}: only BERT with gelu can be trained")
        self.width, self.layers = config["hidden_size"], config["num_hidden_layers"]
        self.heads, self.epsilon = config["num_attention_heads"], config.get("layer_norm_eps", 1e-12)
        shapes = self._shapes(config)
        names = load(path)
        self.prefix = "bert." if "bert.embeddings.LayerNorm.weight" in names else ""
        missing = [n for n in shapes if self.prefix + n not in names]
        if missing:
            raise JobError(f"{path}: there is no tensor {missing[0]}")
        self.weights = Weights(load(path, {self.prefix + n: s for n, s in shapes.items()}), is_frozen)

    @staticmethod
    def _shapes(config):
        d, f = config["hidden_size"], config["intermediate_size"]
        shapes = {
            "embeddings.word_embeddings.weight": (config["vocab_size"], d),
            "embeddings.position_embeddings.weight": (config["max_position_embeddings"], d),
            "embeddings.token_type_embeddings.weight": (config.get("type_vocab_size", 2), d)}

        def linear(name, out, into):
            shapes[name + ".weight"], shapes[name + ".bias"] = (out, into), (out,)

        def norm(name):
            shapes[name + ".weight"] = shapes[name + ".bias"] = (d,)

        norm("embeddings.LayerNorm")
        for index in range(config["num_hidden_layers"]):
            name = f"encoder.layer.{index}."
            for part in ("query", "key", "value"):
                linear(name + "attention.self." + part, d, d)
            linear(name + "attention.output.dense", d, d)
            norm(name + "attention.output.LayerNorm")
            linear(name + "intermediate.dense", f, d)
            linear(name + "output.dense", d, f)
            norm(name + "output.LayerNorm")
        return shapes

    def _linear(self, x, name):
        return F.linear(x, self.weights[self.prefix + name + ".weight"], self.weights[self.prefix + name + ".bias"])

    def _norm(self, x, name):
        gain, bias = self.weights[self.prefix + name + ".weight"], self.weights[self.prefix + name + ".bias"]
        return F.layer_norm(x, (self.width,), gain, bias, self.epsilon)

    def states(self, tokens, mask):
        """The states of padded texts, [texts x tokens x d]."""
        w, e = self.weights, self.prefix + "embeddings."
        x = F.embedding(tokens, w[e + "word_embeddings.weight"])
        x = x + w[e + "position_embeddings.weight"][:tokens.shape[1]] + w[e + "token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")

        def heads(y):
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        for index in range(self.layers):
            name = f"encoder.layer.{index}."
            q, k, v = (heads(self._linear(x, name + "attention.self." + n)) for n in ("query", "key", "value"))
            seen = F.scaled_dot_product_attention(
                q, k, v, attn_mask=mask[:, None, None], scale=1 / math.sqrt(self.width // self.heads))
            seen = self._linear(seen.transpose(1, 2).flatten(2), name + "attention.output.dense")
            x = self._norm(x + seen, name + "attention.output.LayerNorm")
            inner = F.gelu(self._linear(x, name + "intermediate.dense"))
            x = self._norm(x + self._linear(inner, name + "output.dense"), name + "output.LayerNorm")
        return x

    def forward(self, tokens, mask):
        """The vectors of padded texts: the mean of a text's states, of length one, [texts x d]."""
        states = self.states(tokens, mask).float()
        share = mask / mask.sum(1, keepdim=True)
        return F.normalize((states * share[..., None]).sum(1), dim=-1)

    def vectors(self, texts, device):
        return self(*padded(texts, device))


def frozen_encoder(job):
    """The job's encoder, of which nothing is trained."""
    return Encoder(job.folder / "encoder", job.configuration("encoder"), lambda name: True).eval()


def layer_of(name):
    """The layer that a tensor belongs to, from 0; -1 for the embeddings."""
    parts = name.split(".")
    return int(parts[parts.index("layer") + 1]) if "layer" in parts else -1
