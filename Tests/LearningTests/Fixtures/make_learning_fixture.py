"""Makes learning.json and learning.safetensors: what PyTorch computes in double precision.

    make_learning_fixture.py          needs torch, transformers, safetensors

Two tiny models with weights that `weights` below makes from names alone: a generator (docs of
GeneratorNetwork) and a BERT encoder trained to find fixed vectors. For each: the loss of five steps
of AdamW with clipping and a schedule, the gradients of the first, and the weights after the last.
"""

import json
import math
import pathlib

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

HERE = pathlib.Path(__file__).parent
STEPS, WARMUP, RATE, DECAY, CLIP = 5, 2, 0.01, 0.1, 0.5
torch.set_default_dtype(torch.float64)


def pseudo(count, stream, scale):
    """Numbers in -scale/2..scale/2 that any language can make."""
    return torch.tensor([((i * 7919 + stream * 104729) % 10007) / 10007 - 0.5 for i in range(count)]) * scale


def weights(name, shape):
    stream = sum((i + 1) * b for i, b in enumerate(name.encode()))
    norm = "norm" in name.lower() and name.endswith("weight")
    # Rounded to single precision, which is what the other side starts from.
    values = pseudo(math.prod(shape), stream, 0.6) + (1 if norm else 0)
    return values.to(torch.float32).to(torch.float64).reshape(shape)


def schedule(step):
    if step < WARMUP:
        return (step + 1) / WARMUP
    return 0.5 * (1 + math.cos(math.pi * (step - WARMUP) / (STEPS - WARMUP)))


def train(parameters, loss_of):
    """The losses, the gradients of the first step and the weights after the last."""
    decays = [p for p in parameters.values() if p.dim() == 2 and p.shape[0] > 1]
    others = [p for p in parameters.values() if not (p.dim() == 2 and p.shape[0] > 1)]
    optimiser = torch.optim.AdamW(
        [{"params": decays, "weight_decay": DECAY}, {"params": others, "weight_decay": 0.0}],
        lr=RATE, betas=(0.9, 0.98), eps=1e-8)
    losses, gradients, norms = [], {}, []
    for step in range(STEPS):
        for group in optimiser.param_groups:
            group["lr"] = RATE * schedule(step)
        optimiser.zero_grad()
        loss = loss_of(parameters)
        loss.backward()
        losses.append(loss.item())
        if step == 0:
            gradients = {n: p.grad.clone() for n, p in parameters.items()}
        norms.append(torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP).item())
        optimiser.step()
    return losses, norms, gradients, {n: p.detach().clone() for n, p in parameters.items()}


# The generator.

D, HEADS, LAYERS, INNER, VOCABULARY, POSITIONS, TASKS = 32, 4, 2, 33, 60, 8, 3
SOURCES = [[1, 7, 8, 7, 2], [1, 30, 2], [1, 11, 12, 13, 11, 14, 2]]
SPECIAL = {1, 2}
TARGETS = [
    {"source": 0, "task": 0, "tokens": [7, 8, 9, 10], "first": [[7, 0.5], [8, 0.3], [20, 0.2]]},
    {"source": 2, "task": 1, "tokens": [13]},
    {"source": 0, "task": 2, "tokens": [21, 22, 7, 23, 8, 2]},
    {"source": 1, "task": 0, "tokens": [30, 31, 32]},
    {"source": 2, "task": 0, "tokens": [11, 12], "first": [[11, 0.6], [40, 0.2], [11, 0.2]]},
]


def generator_shapes():
    shapes = {"start.weight": (TASKS, D), "positions.weight": (POSITIONS, D), "embed_map.weight": (D, D)}
    for i in range(LAYERS):
        p = f"layers.{i}."
        for part in ("self", "cross"):
            shapes[p + part + "_norm.weight"] = shapes[p + part + "_norm.bias"] = (D,)
            for name in "qkvo":
                shapes[p + f"{part}_attn.{name}.weight"] = (D, D)
                shapes[p + f"{part}_attn.{name}.bias"] = (D,)
        shapes[p + "ff_norm.weight"] = shapes[p + "ff_norm.bias"] = (D,)
        shapes[p + "ff.up.weight"], shapes[p + "ff.up.bias"] = (INNER, D), (INNER,)
        shapes[p + "ff.down.weight"], shapes[p + "ff.down.bias"] = (D, INNER), (D,)
    shapes |= {
        "final_norm.weight": (D,), "final_norm.bias": (D,), "output_map.weight": (D, D),
        "output_bias": (VOCABULARY,), "copy.query.weight": (D, D), "copy.key.weight": (D, D),
        "copy.gate.weight": (1, D), "copy.gate.bias": (1,)}
    return shapes


def generator_loss(w, words, states):
    def linear(x, name):
        return F.linear(x, w[name + ".weight"], w.get(name + ".bias"))

    def norm(x, name):
        return F.layer_norm(x, (D,), w[name + ".weight"], w[name + ".bias"], 1e-5)

    def attend(x, memory, name, causal):
        heads = lambda y: y.reshape(len(y), HEADS, D // HEADS).transpose(0, 1)
        q, k, v = (heads(linear(y, f"{name}.{n}")) for y, n in ((x, "q"), (memory, "k"), (memory, "v")))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        return linear(y.transpose(0, 1).reshape(len(x), D), name + ".o")

    total, rows = 0, 0
    for target in TARGETS:
        memory, source = states[target["source"]], SOURCES[target["source"]]
        tokens = target["tokens"]
        x = w["start.weight"][target["task"]][None]
        if len(tokens) > 1:
            x = torch.cat([x, F.linear(words[tokens[:-1]], w["embed_map.weight"])])
        x = x + w["positions.weight"][:len(tokens)]
        for i in range(LAYERS):
            p = f"layers.{i}."
            h = norm(x, p + "self_norm")
            x = x + attend(h, h, p + "self_attn", True)
            x = x + attend(norm(x, p + "cross_norm"), memory, p + "cross_attn", False)
            x = x + linear(F.gelu(linear(norm(x, p + "ff_norm"), p + "ff.up")), p + "ff.down")
        h = norm(x, "final_norm")
        v = torch.softmax(linear(h, "output_map") @ words.T + w["output_bias"], -1)
        scores = linear(h, "copy.query") @ linear(memory, "copy.key").T / math.sqrt(D)
        masked = torch.tensor([t in SPECIAL for t in source])
        a = torch.softmax(scores.masked_fill(masked, -torch.inf), -1)
        g = torch.sigmoid(linear(h, "copy.gate"))
        p = (1 - g) * v + g * torch.zeros_like(v).index_add(1, torch.tensor(source), a)
        for k, token in enumerate(tokens):
            aims = target.get("first", [[token, 1.0]]) if k == 0 else [[token, 1.0]]
            total = total - sum(weight * torch.log(p[k, t]) for t, weight in aims)
            rows += 1
    return total / rows


# The encoder.

TEXTS = [[1, 5, 6, 7, 2], [1, 8, 2], [1, 9, 5, 10, 11, 12, 2], [1, 2]]
AIMS = [[[3, 1.0]], [[17, 0.75], [4, 0.25]], [[0, 1.0]], [[9, 1.0]]]
VECTORS, TEMPERATURE = 20, 0.1


def main():
    tensors = {}

    def report(name, parameters, loss_of, extra):
        leaves = {n: p.requires_grad_() for n, p in parameters.items()}
        losses, norms, gradients, after = train(leaves, loss_of)
        for kind, group in (("gradient", gradients), ("after", after)):
            for n, t in group.items():
                tensors[f"{name}/{kind}/{n}"] = t.to(torch.float32).contiguous()
        return {"losses": losses, "norms": norms, **extra}

    words = pseudo(VOCABULARY * D, 5, 1.0).to(torch.float32).to(torch.float64).reshape(VOCABULARY, D)
    states, stream = [], 6
    for source in SOURCES:
        states.append(pseudo(len(source) * D, stream, 2.0).to(torch.float32).to(torch.float64).reshape(-1, D))
        stream += 1
    result = {"generator": report(
        "generator", {n: weights(n, s) for n, s in generator_shapes().items()},
        lambda w: generator_loss(w, words, states),
        {"config": {
            "model_type": "genret-generator", "encoder": "tiny", "hidden_size": D, "num_layers": LAYERS,
            "num_heads": HEADS, "intermediate_size": INNER, "max_positions": POSITIONS,
            "layer_norm_eps": 1e-5, "vocab_size": VOCABULARY, "tasks": ["body", "title", "question"]},
         "sources": SOURCES, "special": sorted(SPECIAL), "targets": TARGETS})}

    config = {
        "model_type": "bert", "vocab_size": 14, "hidden_size": 24, "num_hidden_layers": 2,
        "num_attention_heads": 4, "intermediate_size": 28, "max_position_embeddings": 10,
        "type_vocab_size": 2, "hidden_act": "gelu", "layer_norm_eps": 1e-12}
    bert = BertModel(BertConfig(
        **config, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
        attn_implementation="eager"), add_pooling_layer=False)
    bert.train()
    with torch.no_grad():
        for n, p in bert.named_parameters():
            p.copy_(weights(n, tuple(p.shape)))
    documents = F.normalize(
        pseudo(VECTORS * 24, 9, 2.0).reshape(VECTORS, 24), dim=-1).to(torch.float32).to(torch.float64)

    def encoder_loss(_):
        total = 0
        for text, aims in zip(TEXTS, AIMS):
            hidden = bert(input_ids=torch.tensor([text])).last_hidden_state[0]
            vector = F.normalize(hidden.mean(0), dim=-1)
            scores = torch.log_softmax(documents @ vector / TEMPERATURE, -1)
            total = total - sum(weight * scores[t] for t, weight in aims)
        return total / len(TEXTS)

    result["encoder"] = report(
        "encoder", dict(bert.named_parameters()), encoder_loss,
        {"config": config, "texts": TEXTS, "aims": AIMS, "temperature": TEMPERATURE, "vectors": VECTORS})
    result |= {"steps": STEPS, "warmup": WARMUP, "rate": RATE, "decay": DECAY, "clip": CLIP}
    save_file(tensors, HERE / "learning.safetensors")
    (HERE / "learning.json").write_text(json.dumps(result) + "\n")
    print(result["generator"]["losses"], result["generator"]["norms"], result["encoder"]["losses"])


if __name__ == "__main__":
    main()
