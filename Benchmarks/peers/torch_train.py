"""Times PyTorch on the steps of train-bench, with the same weights and batches.

    torch_train.py FOLDER THREADS [SECONDS]

FOLDER is what `train-bench FOLDER --make` made. A step is forward, backward, clipping and the fused
AdamW, in single precision, with fused attention. Prints a line:

    engine=torch threads=1 pairs=192 examples=… best=… cpu=… runs=… losses=…

examples is the median of pairs a second, best the most, cpu the most by processor time of all
threads. The first losses must be train-bench's. Needs `pip install torch safetensors`.
"""

import math
import os
import sys
import time

PAIRS, SOURCE, TARGET, BATCHES = 192, 14, 11, 4
D, HEADS, LAYERS = 384, 12, 4


def batch(torch, number):
    def token(index, stream):
        return (index * 7919 + stream * 104729) % 29491 + 1000

    rows = PAIRS * SOURCE
    index = torch.arange(rows * D, dtype=torch.int64)
    states = (((index * 7919 + number * 104729) % 10007).double() / 10007 - 0.5) * 2
    tokens = token(torch.arange(rows), number).reshape(PAIRS, SOURCE)
    targets = token(torch.arange(PAIRS * TARGET), number + 50).reshape(PAIRS, TARGET)
    for place in range(1, TARGET, 3):
        targets[:, place] = tokens[:, place]
    special = torch.zeros(SOURCE, dtype=torch.bool)
    special[[0, -1]] = True
    return states.float().reshape(PAIRS, SOURCE, D), tokens, targets, special


def loss_of(torch, w, words, states, source, target, special):
    F = torch.nn.functional

    def linear(x, name):
        return F.linear(x, w[name + ".weight"], w.get(name + ".bias"))

    def norm(x, name):
        return F.layer_norm(x, (D,), w[name + ".weight"], w[name + ".bias"], 1e-5)

    def attend(x, memory, name, causal):
        heads = lambda y: y.view(PAIRS, -1, HEADS, D // HEADS).transpose(1, 2)
        q, k, v = heads(linear(x, name + ".q")), heads(linear(memory, name + ".k")), heads(linear(memory, name + ".v"))
        y = F.scaled_dot_product_attention(q, k, v, is_causal=causal)
        return linear(y.transpose(1, 2).reshape(PAIRS, -1, D), name + ".o")

    start = w["start.weight"][torch.arange(PAIRS) % 3][:, None]
    x = torch.cat([start, F.linear(F.embedding(target[:, :-1], words), w["embed_map.weight"])], 1)
    x = x + w["positions.weight"][:TARGET]
    for i in range(LAYERS):
        p = f"layers.{i}."
        h = norm(x, p + "self_norm")
        x = x + attend(h, h, p + "self_attn", True)
        x = x + attend(norm(x, p + "cross_norm"), states, p + "cross_attn", False)
        x = x + linear(F.gelu(linear(norm(x, p + "ff_norm"), p + "ff.up")), p + "ff.down")
    h = norm(x, "final_norm")
    logits = F.linear(linear(h, "output_map"), words, w["output_bias"])
    # Only the targets' probabilities are needed, so nothing as wide as the vocabulary is copied.
    written = -F.cross_entropy(logits.view(-1, logits.shape[-1]), target.view(-1), reduction="none")
    scores = linear(h, "copy.query") @ linear(states, "copy.key").transpose(1, 2) / math.sqrt(D)
    a = torch.log_softmax(scores.masked_fill(special, -torch.inf), -1)
    same = (source[:, None] == target[:, :, None]) & ~special
    # A finite floor, so that targets that cannot be copied have no gradient that is no number.
    copied = torch.logsumexp(a.masked_fill(~same, -1e4), -1).view(-1)
    gate = linear(h, "copy.gate").view(-1)
    both = torch.logaddexp(F.logsigmoid(-gate) + written, F.logsigmoid(gate) + copied)
    return -both.mean()


def main(folder, threads, seconds=20.0):
    os.environ["OMP_NUM_THREADS"] = threads
    import torch
    from safetensors.torch import load_file

    torch.set_num_threads(int(threads))
    w = {n: t.requires_grad_() for n, t in load_file(f"{folder}/model.safetensors").items()}
    words = load_file(f"{folder}/words.safetensors")["words"]
    batches = [batch(torch, number) for number in range(BATCHES)]
    decays = [t for t in w.values() if t.dim() == 2 and t.shape[0] > 1]
    others = [t for t in w.values() if not (t.dim() == 2 and t.shape[0] > 1)]
    optimiser = torch.optim.AdamW(
        [{"params": decays, "weight_decay": 0.01}, {"params": others, "weight_decay": 0.0}],
        lr=1e-4, fused=True)

    def step(number):
        optimiser.zero_grad()
        loss = loss_of(torch, w, words, *batches[number % BATCHES])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(w.values(), 1.0)
        optimiser.step()
        return loss.item()

    losses = [step(number) for number in range(3)]
    times, processor = [], []
    started = time.perf_counter()
    while len(times) < 3 or time.perf_counter() - started < float(seconds):
        before = time.perf_counter(), time.process_time()
        step(3 + len(times))
        times.append(time.perf_counter() - before[0])
        processor.append(time.process_time() - before[1])
    times.sort()
    print(
        f"engine=torch threads={threads} pairs={PAIRS} examples={PAIRS / times[len(times) // 2]:.1f} "
        f"best={PAIRS / times[0]:.1f} cpu={PAIRS / min(processor):.1f} runs={len(times)} "
        f"losses={','.join(f'{loss:.5f}' for loss in losses)}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
