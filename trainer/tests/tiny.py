"""Tiny jobs for the tests, as genret would write them."""

import hashlib
import json
import pathlib

import numpy as np
import torch
from safetensors.numpy import save_file

from genret_trainer.encoder import Encoder
from genret_trainer.generator import Generator

D, VOCABULARY, SPECIAL = 16, 40, (1, 2)
BERT = {
    "model_type": "bert", "vocab_size": VOCABULARY, "hidden_size": D, "num_hidden_layers": 2,
    "num_attention_heads": 4, "intermediate_size": 20, "max_position_embeddings": 16, "type_vocab_size": 2,
    "hidden_act": "gelu", "layer_norm_eps": 1e-12}
GENERATOR = {
    "model_type": "genret-generator", "encoder": "tiny", "hidden_size": D, "num_layers": 2, "num_heads": 4,
    "intermediate_size": 24, "max_positions": 8, "layer_norm_eps": 1e-5, "vocab_size": VOCABULARY,
    "tasks": ["body", "title", "question"]}


def ragged(name, sequences):
    lengths = [len(s) for s in sequences]
    return {
        name + ".tokens": np.array([t for s in sequences for t in s], np.int32),
        name + ".offsets": np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)}


def weights(shapes, random):
    return {
        name: (random.standard_normal(shape) * 0.2 + name.lower().endswith("norm.weight")).astype(np.float32)
        for name, shape in shapes.items()}


def model(folder, config, shapes, random):
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(config))
    save_file(weights(shapes, random), folder / "model.safetensors")


def texts(random, count, longest):
    return [[1, *random.integers(3, VOCABULARY, random.integers(1, longest)).tolist(), 2] for _ in range(count)]


def write(folder, kind, options, plan=None, seed=1):
    """Writes a job of `kind` with random models and texts."""
    folder, random = pathlib.Path(folder), np.random.default_rng(seed)
    queries, passages = texts(random, 30, 8), [t[1:-1] for t in texts(random, 20, 30)]
    data = ragged("queries", queries)
    if kind == "ngram":
        data |= ragged("passages", passages) | ragged("titles", [p[:2] for p in passages])
        data |= ragged("read", [[1, *p[:14], 2] for p in passages])
        pairs = np.stack([np.arange(30), random.integers(0, 20, 30)], 1).astype(np.int32)
        data |= {"pairs": pairs[:24], "held_out": pairs[24:]}
        special = np.isin(np.arange(VOCABULARY), SPECIAL).astype(np.int32)
        data |= {"vocabulary.special": special, "vocabulary.starts_word": 1 - special}
        model(folder / "encoder", BERT, Encoder._shapes(BERT), random)
        model(folder / "start", GENERATOR, Generator._shapes(GENERATOR), random)
        options = {
            "batch": 8, "span_length": 4, "title_share": 0.5, "span_share": 0.9, "question_share": 0.5,
            "query_length": 64, "passage_length": 500, "end": 2} | options
    else:
        own = [sorted(random.choice(20, random.integers(1, 3), replace=False).tolist()) for _ in range(30)]
        for name, part in (("train", range(24)), ("held_out", range(24, 30))):
            data[name + ".queries"] = np.array(list(part), np.int32)
            data |= ragged(name + ".passages", [own[q] for q in part])
        data |= ragged("negatives", [[p for p in range(20) if p not in own[q]][:6] for q in range(24)])
        vectors = random.standard_normal((20, D)).astype(np.float32)
        data["vectors"] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        model(folder / "start", BERT, Encoder._shapes(BERT), random)
        options = {"batch": 8, "temperature": 0.05, "negatives": "all", "negative_count": 6, "layers": None} | options
    save_file(data, folder / "data.safetensors")
    plan = {
        "steps": 6, "minutes": None, "seed": "1", "learning_rate": 0.01, "weight_decay": 0.01, "beta1": 0.9,
        "beta2": 0.98, "epsilon": 1e-8, "warmup": 2, "clip": 1, "accumulation": 1, "evaluation_interval": 2,
        "checkpoint_interval": 2, "patience": None} | (plan or {})
    names = ["data.safetensors", *(str(p.relative_to(folder)) for p in folder.glob("*/model.safetensors"))]
    (folder / "job.json").write_text(json.dumps({
        "format": 1, "genret": "0.1.0", "kind": kind, "weights": "F32", "plan": plan, "options": options,
        "sha256": {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in names}}))
    return folder


def threads():
    torch.set_num_threads(1)
