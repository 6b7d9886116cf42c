"""n-gram generator: queries to spans of their passages, and to titles."""

import json
import math
import os
import time

import numpy as np
import torch
from safetensors.numpy import load_file

from .encoder import load_encoder, states, words
from .generator import Generator
from .ragged import Ragged
from .spans import SpanSampler


class NgramData:
    def __init__(self, folder, job, vocabulary, starts_word, special):
        tensors = load_file(os.path.join(folder, "data.safetensors"))
        self.queries = Ragged.read(tensors, "queries")
        self.passages = Ragged.read(tensors, "passages")
        self.titles = Ragged.read(tensors, "titles")
        self.pairs = tensors["pairs"]
        self.held_out = tensors["held_out"]
        self.length = job["span_length"]
        self.sampler = SpanSampler(self.passages, vocabulary, starts_word, self.length)
        self.special = special

    def batch(self, pairs, rng, spans):
        """Arrays of a step: queries, soft first targets, spans."""
        ids, mask = self.queries.padded(pairs[:, 0])
        firsts, weights, targets, owners = [], [], [], []
        for place, (query, passage) in enumerate(pairs):
            tokens = self.passages[passage][:500]
            pi = self.sampler.weights(self.queries[query], tokens)
            firsts.append(tokens)
            weights.append(pi)
            for start in rng.choice(len(tokens), spans, p=pi / pi.sum()):
                span = tokens[start:start + self.length]
                targets.append(span)
                owners.append(place)
        longest = max(len(f) for f in firsts)
        first = np.zeros((len(pairs), longest), np.int64)
        weight = np.zeros((len(pairs), longest), np.float32)
        for place in range(len(pairs)):
            first[place, :len(firsts[place])] = firsts[place]
            weight[place, :len(firsts[place])] = weights[place]
        span = np.zeros((len(targets), self.length), np.int64)
        span_mask = np.zeros((len(targets), self.length), bool)
        for place, t in enumerate(targets):
            span[place, :len(t)] = t
            span_mask[place, :len(t)] = True
        return ids, mask, first, weight, span, span_mask, np.array(owners)


def loss_of(model, memory, mask, copyable, ids, batch):
    """Sums of the loss of first tokens and of later ones, with their numbers."""
    _, _, first, weight, span, span_mask, owners = batch
    owners = torch.from_numpy(owners)
    n = len(owners)
    task = torch.zeros(n, dtype=torch.long)
    h = model.states(task, torch.from_numpy(span[:, :-1]), memory[owners], mask[owners])
    # A query's spans share the first row: one is enough.
    ones = torch.from_numpy(np.unique(owners.numpy(), return_index=True)[1])
    p = model.log_probs(h[ones][:, :1], memory, copyable, ids, torch.from_numpy(first)[:, None])
    first_loss = -(p[:, 0] * torch.from_numpy(weight)).sum()
    spans = torch.from_numpy(span)[:, 1:, None]
    p = model.log_probs(h[:, 1:], memory[owners], copyable[owners], ids[owners], spans)[..., 0]
    valid = torch.from_numpy(span_mask[:, 1:])
    return first_loss, len(ones), -(p * valid).sum(), int(valid.sum())


STANDARD = {
    "kind": "ngram", "seed": 1, "encoder": "all-MiniLM-L6-v2", "steps": 0, "minutes": 25, "batch": 192,
    "learning_rate": 6e-4, "warmup": 100, "weight_decay": 0.01, "clip": 1.0, "betas": [0.9, 0.98],
    "spans": 1, "span_length": 10, "layers": 4, "evaluate": 100,
    "tasks": ["body", "title", "question"],
}


def train(folder, log=print):
    with open(os.path.join(folder, "job.json")) as f:
        job = {**STANDARD, **json.load(f)}
    encoder = load_encoder(job["encoder"]).eval()
    table = words(encoder)
    with open(os.path.join(encoder.name_or_path, "tokenizer.json")) as f:
        vocab = json.load(f)["model"]["vocab"]
    starts_word = np.ones(table.shape[0], bool)
    for word, token in vocab.items():
        if word.startswith("##"):
            starts_word[token] = False
    special = [vocab[w] for w in ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")]
    data = NgramData(folder, job, table.shape[0], starts_word, special)
    config = {
        "model_type": "genret-generator", "encoder": job["encoder"], "hidden_size": table.shape[1],
        "num_layers": job["layers"], "num_heads": 12, "intermediate_size": 4 * table.shape[1],
        "max_positions": 32, "layer_norm_eps": 1e-5, "vocab_size": table.shape[0],
        "tasks": job["tasks"]}
    torch.manual_seed(job["seed"])
    start = os.path.join(folder, "start")
    model = Generator.load(start, table) if os.path.isdir(start) else Generator(config, table)
    cache = os.path.join(folder, "states.npy")
    if not os.path.exists(cache):
        log("encoding the queries")
        memory = np.lib.format.open_memmap(
            cache + ".part", "w+", np.float16, (len(data.queries.tokens), table.shape[1]))
        order = np.argsort(np.diff(data.queries.offsets), kind="stable")
        for first in range(0, len(order), 256):
            rows = order[first:first + 256]
            ids, mask = data.queries.padded(rows)
            out = states(encoder, torch.from_numpy(ids), torch.from_numpy(mask)).numpy()
            for place, row in enumerate(rows):
                a, b = data.queries.offsets[row], data.queries.offsets[row + 1]
                memory[a:b] = out[place, :b - a]
        memory.flush()
        os.replace(cache + ".part", cache)
    memory = np.load(cache, mmap_mode="r")

    def loss_sums(pairs, rng, spans):
        batch = data.batch(pairs, rng, spans)
        ids, mask = batch[0], batch[1]
        m = np.zeros((*ids.shape, table.shape[1]), np.float32)
        for place, query in enumerate(pairs[:, 0]):
            a, b = data.queries.offsets[query], data.queries.offsets[query + 1]
            m[place, :b - a] = memory[a:b]
        copyable = mask & ~np.isin(ids, special)
        t = torch.from_numpy
        return loss_of(model, t(m), t(mask), t(copyable), t(ids), batch)

    def loss(rng):
        pairs = data.pairs[rng.choice(len(data.pairs), job["batch"], replace=False)]
        a, n, b, m = loss_sums(pairs, rng, job["spans"])
        return (a * job["spans"] + b) / (n * job["spans"] + m)

    @torch.no_grad()
    def held_out():
        rng = np.random.default_rng(job["seed"])
        sums = np.zeros(4)
        for first in range(0, len(data.held_out), job["batch"]):
            sums += np.array([float(x) for x in loss_sums(
                data.held_out[first:first + job["batch"]], rng, 1)])
        return (sums[0] + sums[2]) / (sums[1] + sums[3]), sums[0] / sums[1], sums[2] / sums[3]

    from .loop import run
    result = os.path.join(folder, "result")
    os.makedirs(result, exist_ok=True)
    run(model, job, loss, held_out, lambda: model.save(result), result, log)
    return model
