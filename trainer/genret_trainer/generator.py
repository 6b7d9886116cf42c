"""The generator: a decoder over a frozen encoder's token states, with a copy head."""

import json
import math
import os

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))

    def split(self, x):
        return x.unflatten(-1, (self.heads, -1)).transpose(-3, -2)

    def forward(self, x, memory=None, mask=None, causal=False):
        """x [n, t, d]; memory [n, l, d]; mask [n, l], true where a token stands."""
        source = x if memory is None else memory
        if mask is not None:
            mask = mask[:, None, None, :]
        y = F.scaled_dot_product_attention(
            self.split(self.q(x)), self.split(self.k(source)), self.split(self.v(source)),
            attn_mask=mask, is_causal=causal)
        return self.o(y.transpose(-3, -2).flatten(-2))


class FeedForward(nn.Module):
    def __init__(self, width, inner):
        super().__init__()
        self.up = nn.Linear(width, inner)
        self.down = nn.Linear(inner, width)

    def forward(self, x):
        return self.down(F.gelu(self.up(x)))


class Layer(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, epsilon = config["hidden_size"], config["layer_norm_eps"]
        self.self_norm = nn.LayerNorm(width, epsilon)
        self.self_attn = Attention(width, config["num_heads"])
        self.cross_norm = nn.LayerNorm(width, epsilon)
        self.cross_attn = Attention(width, config["num_heads"])
        self.ff_norm = nn.LayerNorm(width, epsilon)
        self.ff = FeedForward(width, config["intermediate_size"])

    def forward(self, x, memory, mask):
        x = x + self.self_attn(self.self_norm(x), causal=True)
        x = x + self.cross_attn(self.cross_norm(x), memory, mask)
        return x + self.ff(self.ff_norm(x))


class Copy(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.gate = nn.Linear(width, 1)


class Generator(nn.Module):
    """docs/scoring.md has the formulas. `words` [V, d] are the encoder's, and are not trained."""

    def __init__(self, config, words):
        super().__init__()
        self.config = config
        width = config["hidden_size"]
        self.register_buffer("words", words, persistent=False)
        self.start = nn.Embedding(len(config["tasks"]), width)
        self.positions = nn.Embedding(config["max_positions"], width)
        self.embed_map = nn.Linear(width, width, bias=False)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config["num_layers"]))
        self.final_norm = nn.LayerNorm(width, config["layer_norm_eps"])
        self.output_map = nn.Linear(width, width, bias=False)
        self.output_bias = nn.Parameter(torch.zeros(words.shape[0]))
        self.copy = Copy(width)
        self.reset()

    def reset(self):
        for name, p in self.named_parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.02)
            elif name.endswith("bias"):
                nn.init.zeros_(p)
        depth = math.sqrt(2 * len(self.layers))
        for layer in self.layers:
            for p in (layer.self_attn.o, layer.cross_attn.o, layer.ff.down):
                nn.init.normal_(p.weight, std=0.02 / depth)
        nn.init.eye_(self.embed_map.weight)
        nn.init.eye_(self.output_map.weight)
        nn.init.constant_(self.copy.gate.bias, -1.0)

    def states(self, task, tokens, memory, mask):
        """task [n]; tokens [n, t]; states [n, t + 1, d], the first of which predicts the first token."""
        start = self.start(task)[:, None]
        x = torch.cat([start, self.embed_map(F.embedding(tokens, self.words))], 1)
        x = x + self.positions.weight[:x.shape[1]]
        for layer in self.layers:
            x = layer(x, memory, mask)
        return self.final_norm(x)

    def parts(self, h, memory, copyable):
        """For states h [..., t, d] the vocabulary's logits, the pointer's log-shares and the gate's
        logit; copyable [n, l] says which source tokens may be copied."""
        logits = F.linear(self.output_map(h), self.words, self.output_bias)
        scores = self.copy.query(h) @ self.copy.key(memory).transpose(-1, -2)
        scores = scores / math.sqrt(h.shape[-1])
        scores = scores.masked_fill(~copyable[:, None, :], -1e9)
        return logits, scores.log_softmax(-1), self.copy.gate(h).squeeze(-1)

    def log_probs(self, h, memory, copyable, source, targets):
        """log p of targets [n, t, c] for states h [n, t, d]; source [n, l] are the source's tokens."""
        logits, pointer, gate = self.parts(h, memory, copyable)
        vocabulary = logits.gather(-1, targets) - logits.logsumexp(-1, keepdim=True)
        same = (source[:, None, None, :] == targets[..., None]) & copyable[:, None, None, :]
        copied = pointer[:, :, None, :].masked_fill(~same, -1e9).logsumexp(-1)
        return torch.logaddexp(
            F.logsigmoid(-gate)[..., None] + vocabulary, F.logsigmoid(gate)[..., None] + copied)

    def save(self, folder, half=False):
        os.makedirs(folder, exist_ok=True)
        tensors = {k: v.detach().cpu().contiguous() for k, v in self.state_dict().items()}
        if half:
            tensors = {k: v.half() for k, v in tensors.items()}
        save_file(tensors, os.path.join(folder, "model.safetensors.part"))
        with open(os.path.join(folder, "config.json"), "w") as f:
            json.dump(self.config, f, indent=2, sort_keys=True)
            f.write("\n")
        os.replace(
            os.path.join(folder, "model.safetensors.part"), os.path.join(folder, "model.safetensors"))

    @classmethod
    def load(cls, folder, words):
        with open(os.path.join(folder, "config.json")) as f:
            model = cls(json.load(f), words)
        tensors = load_file(os.path.join(folder, "model.safetensors"))
        model.load_state_dict({k: v.float() for k, v in tensors.items()})
        return model
