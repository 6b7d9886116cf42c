"""The loop that all jobs share: schedule, clipping, held-out loss, resume."""

import json
import math
import os
import time

import numpy as np
import torch


def rate(step, steps, warmup):
    """Linear warm-up, then cosine to zero."""
    if step < warmup:
        return (step + 1) / warmup
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


def groups(model, weight_decay):
    """Decay for matrices only."""
    decayed = [p for p in model.parameters() if p.requires_grad and p.dim() > 1 and p.shape[0] > 1]
    kept = {id(p) for p in decayed}
    rest = [p for p in model.parameters() if p.requires_grad and id(p) not in kept]
    return [{"params": decayed, "weight_decay": weight_decay}, {"params": rest, "weight_decay": 0.0}]


def run(model, job, loss, held_out, save, folder, log=print):
    """loss(rng) gives a step's mean loss; held_out() the held-out loss; save() writes the weights."""
    optimizer = torch.optim.AdamW(
        groups(model, job["weight_decay"]), lr=job["learning_rate"], betas=tuple(job["betas"]))
    state_path = os.path.join(folder, "state.pt")
    step, steps, best, seconds = 0, job.get("steps") or 0, math.inf, 0.0
    if os.path.exists(state_path):
        state = torch.load(state_path, weights_only=False)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, steps, best, seconds = state["step"], state["steps"], state["best"], state["seconds"]
    started = time.time() - seconds
    mean = None
    while not steps or step < steps:
        if not steps and step == 10:
            per_step = (time.time() - started) / step
            steps = max(20, int(job["minutes"] * 60 / per_step))
            log(f"{per_step:.2f} s a step: {steps} steps")
        factor = rate(step, steps or 10**6, job["warmup"])
        for group in optimizer.param_groups:
            group["lr"] = job["learning_rate"] * factor
        # A step's examples depend on the seed and the step alone.
        rng = np.random.default_rng([job["seed"], step])
        torch.manual_seed(job["seed"] * 1_000_003 + step)
        value = loss(rng)
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), job["clip"])
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        mean = value.item() if mean is None else 0.95 * mean + 0.05 * value.item()
        if step % 20 == 0:
            rate_ = step * job["batch"] / (time.time() - started)
            left = (steps - step) * (time.time() - started) / step if steps else 0
            log(f"step {step}/{steps} loss {mean:.4f} {rate_:.0f} examples/s {left / 60:.0f} min left")
        if step % job["evaluate"] == 0 or step == steps:
            now = held_out()
            log(f"step {step} held-out {now}")
            if now[0] < best:
                best = now[0]
                save()
            torch.save(
                {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step,
                 "steps": steps, "best": best, "seconds": time.time() - started}, state_path + ".part")
            os.replace(state_path + ".part", state_path)
