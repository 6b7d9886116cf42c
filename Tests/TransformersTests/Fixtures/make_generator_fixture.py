"""Makes a tiny random generator over tiny_bert, and what PyTorch computes with it.

    make_generator_fixture.py TINY_BERT_DIRECTORY DIRECTORY

Two layers of width 32 with four heads. The network is written here a second time, without caches.
Needs `pip install torch transformers safetensors`.
"""

import json
import math
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch.nn.functional import gelu, layer_norm, linear
from transformers import BertModel

D, HEADS, INNER, POSITIONS, LAYERS = 32, 4, 48, 12, 2
TASKS = ["body", "title", "question"]
SPECIAL = range(5)
LENGTHS = [1, 2, 5, 9, 17, 31]


def make_weights(vocabulary):
    weights = {"start.weight": (len(TASKS), D), "positions.weight": (POSITIONS, D),
               "embed_map.weight": (D, D), "output_map.weight": (D, D), "output_bias": (vocabulary,),
               "copy.query.weight": (D, D), "copy.key.weight": (D, D), "copy.gate.weight": (1, D),
               "copy.gate.bias": (1,), "final_norm.weight": (D,), "final_norm.bias": (D,)}
    for i in range(LAYERS):
        for norm in ["self_norm", "cross_norm", "ff_norm"]:
            weights |= {f"layers.{i}.{norm}.weight": (D,), f"layers.{i}.{norm}.bias": (D,)}
        for part in [f"{kind}_attn.{p}" for kind in ["self", "cross"] for p in "qkvo"]:
            weights |= {f"layers.{i}.{part}.weight": (D, D), f"layers.{i}.{part}.bias": (D,)}
        weights |= {f"layers.{i}.ff.up.weight": (INNER, D), f"layers.{i}.ff.up.bias": (INNER,),
                    f"layers.{i}.ff.down.weight": (D, INNER), f"layers.{i}.ff.down.bias": (D,)}
    made = {}
    for name, shape in weights.items():
        made[name] = torch.randn(shape) * (0.3 if len(shape) == 2 else 0.1)
        if "norm.weight" in name:
            made[name] += 1
    return made


class Generator:
    def __init__(self, weights, words):
        self.w, self.words = weights, words

    def linear(self, name, x):
        return linear(x, self.w[name + ".weight"], self.w.get(name + ".bias"))

    def norm(self, name, x):
        return layer_norm(x, (D,), self.w[name + ".weight"], self.w[name + ".bias"], 1e-5)

    def attend(self, name, x, memory, mask):
        def heads(y):
            return y.view(len(y), HEADS, D // HEADS).transpose(0, 1)
        q, k, v = (heads(self.linear(f"{name}.{p}", y)) for p, y in zip("qkv", [x, memory, memory]))
        scores = q @ k.transpose(1, 2) / math.sqrt(D // HEADS) + mask
        return self.linear(name + ".o", (scores.softmax(-1) @ v).transpose(0, 1).reshape(len(x), D))

    def log_probs(self, source, memory, task, tokens):
        """Row k: the log-probabilities of what follows the first k tokens."""
        first = self.w["start.weight"][task][None]
        x = torch.cat([first, self.words[tokens] @ self.w["embed_map.weight"].T])
        x = x + self.w["positions.weight"][:len(x)]
        causal = torch.full((len(x), len(x)), -math.inf).triu(1)
        for i in range(LAYERS):
            name = f"layers.{i}."
            y = self.norm(name + "self_norm", x)
            x = x + self.attend(name + "self_attn", y, y, causal)
            x = x + self.attend(name + "cross_attn", self.norm(name + "cross_norm", x), memory, 0)
            y = self.linear(name + "ff.up", self.norm(name + "ff_norm", x))
            x = x + self.linear(name + "ff.down", gelu(y))
        h = self.norm("final_norm", x)
        v = (self.linear("output_map", h) @ self.words.T + self.w["output_bias"]).softmax(-1)
        open_ = torch.tensor([t not in SPECIAL for t in source])
        if not open_.any():
            return v.log()
        scores = self.linear("copy.query", h) @ self.linear("copy.key", memory).T / math.sqrt(D)
        a = scores.masked_fill(~open_, -math.inf).softmax(-1)
        g = torch.sigmoid(self.linear("copy.gate", h))
        copied = torch.zeros_like(v).index_add_(1, torch.tensor(source), a)
        return ((1 - g) * v + g * copied).log()


def beams(generator, source, memory, task, count=5, length=6):
    best = [([], 0.0)]
    for _ in range(length):
        longer = []
        for tokens, score in best:
            row = generator.log_probs(source, memory, task, tokens)[-1]
            longer += [(tokens + [t], score + row[t].item()) for t in range(len(row))]
        best = sorted(longer, key=lambda item: -item[1])[:count]
    return best


def main(encoder, directory):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(12)
    torch.set_default_dtype(torch.float64)
    bert = BertModel.from_pretrained(encoder, add_pooling_layer=False).double().eval()
    words = bert.embeddings.word_embeddings.weight.detach()
    weights = {name: value.float() for name, value in make_weights(len(words)).items()}
    save_file(weights, directory / "model.safetensors")
    description = {"model_type": "genret-generator", "encoder": Path(encoder).name, "hidden_size": D,
                   "num_layers": LAYERS, "num_heads": HEADS, "intermediate_size": INNER,
                   "max_positions": POSITIONS, "layer_norm_eps": 1e-5, "vocab_size": len(words),
                   "tasks": TASKS}
    (directory / "config.json").write_text(json.dumps(description, indent=1) + "\n")
    generator = Generator({name: value.double() for name, value in weights.items()}, words)
    cases = []
    with torch.no_grad():
        for length in LENGTHS:
            source = [2] + torch.randint(5, len(words), (length,)).tolist() + [3]
            if length == 1:
                source = [2, 3]
            if length == 9:
                source[4] = source[2]
            memory = bert(input_ids=torch.tensor([source])).last_hidden_state[0]
            for task in range(len(TASKS)):
                tokens = torch.randint(5, len(words), (POSITIONS,)).tolist()
                if length > 2:
                    tokens[1] = source[2]
                rows = generator.log_probs(source, memory, task, tokens[:-1])
                found = beams(generator, source, memory, task)
                cases.append({
                    "source": source, "task": task, "tokens": tokens,
                    "log_probs": [round(rows[k][t].item(), 6) for k, t in enumerate(tokens)],
                    "beams": [{"ids": ids, "score": round(score, 6)} for ids, score in found]})
    (directory / "reference.json").write_text(json.dumps({"cases": cases}, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
