"""Makes a tiny cross-encoder and the scores of pairs, by BERT written out with numpy.

    make_cross_encoder_fixture.py TINY_BERT DIRECTORY

  TINY_BERT   a folder with a tiny BERT checkpoint and its tokenizer, whose weights the cross-encoder's encoder has

Needs `pip install numpy safetensors tokenizers`.
"""

import json
import math
import shutil
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file
from tokenizers import Tokenizer

PAIRS = [("the cat", "a cat and the dog"), ("in", "and"), ("the", ""), ("an er in the", "12 and 3"), ("one", "in the end")]


def norm(x, weight, bias, epsilon):
    mean = x.mean(-1, keepdims=True)
    return (x - mean) / np.sqrt(((x - mean) ** 2).mean(-1, keepdims=True) + epsilon) * weight + bias


def gelu(x):
    return np.vectorize(lambda v: v * 0.5 * (1 + math.erf(v / math.sqrt(2))))(x)


def states(w, config, ids, segments):
    d, heads = config["hidden_size"], config["num_attention_heads"]
    epsilon = config["layer_norm_eps"]
    x = (w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][: len(ids)]
         + w["embeddings.token_type_embeddings.weight"][segments])
    x = norm(x, w["embeddings.LayerNorm.weight"], w["embeddings.LayerNorm.bias"], epsilon)
    for layer in range(config["num_hidden_layers"]):
        def linear(name, value):
            name = f"encoder.layer.{layer}.{name}"
            return value @ w[name + ".weight"].T + w[name + ".bias"]

        def normed(name, value):
            name = f"encoder.layer.{layer}.{name}.LayerNorm"
            return norm(value, w[name + ".weight"], w[name + ".bias"], epsilon)

        q, k, v = (linear(f"attention.self.{part}", x).reshape(len(ids), heads, d // heads) for part in ("query", "key", "value"))
        out = np.zeros_like(q)
        for head in range(heads):
            scores = q[:, head] @ k[:, head].T / math.sqrt(d // heads)
            e = np.exp(scores - scores.max(-1, keepdims=True))
            out[:, head] = e / e.sum(-1, keepdims=True) @ v[:, head]
        x = normed("attention.output", x + linear("attention.output.dense", out.reshape(len(ids), d)))
        x = normed("output", x + linear("output.dense", gelu(linear("intermediate.dense", x))))
    return x


def main(base, directory):
    base, directory = Path(base), Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    config = json.loads((base / "config.json").read_text())
    shutil.copy(base / "tokenizer.json", directory / "tokenizer.json")
    (directory / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    w = {name.removeprefix("bert."): value.astype(np.float64) for name, value in load_file(base / "model.safetensors").items()}
    generator, d = np.random.default_rng(3), config["hidden_size"]
    pooler, pooler_bias = generator.normal(size=(d, d)) * 0.3, generator.normal(size=d) * 0.1
    head, head_bias = generator.normal(size=(1, d)), generator.normal(size=1)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_truncation()
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    cases = []
    for query, passage in PAIRS:
        first, second = (tokenizer.encode(text, add_special_tokens=False).ids for text in (query, passage))
        ids = [cls, *first, sep, *second, sep]
        segments = [0] * (len(first) + 2) + [1] * (len(second) + 1)
        h = states(w, config, ids, segments)[0]
        score = float((head @ np.tanh(pooler @ h + pooler_bias) + head_bias)[0])
        cases.append({"query": query, "passage": passage, "ids": ids, "second": len(first) + 2, "score": float(f"{score:.9g}")})
    weights = {"bert." + name: value.astype(np.float32) for name, value in w.items()}
    weights |= {"bert.pooler.dense.weight": pooler.astype(np.float32), "bert.pooler.dense.bias": pooler_bias.astype(np.float32),
                "classifier.weight": head.astype(np.float32), "classifier.bias": head_bias.astype(np.float32)}
    save_file(weights, directory / "model.safetensors")
    (directory / "pairs.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
