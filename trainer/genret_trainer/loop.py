"""A training from its first step, or from a checkpoint, to its end: genret's TrainingRun."""

import json
import math
import pathlib
import shutil
import sys
import time
from contextlib import nullcontext

import torch
from safetensors import safe_open
from torch import distributed

from .job import JobError
from .seeded import batch_generator
from .weights import load, save, save_model

MEASURED = (2, 12)


def schedule(step, warmup, steps):
    """What the learning rate is multiplied by: a line up, then half a cosine down to zero."""
    if step < warmup:
        return (step + 1) / warmup
    if steps is None:
        return 1.0
    if step >= steps:
        return 0.0
    return 0.5 * (1 + math.cos(math.pi * (step - warmup) / max(1, steps - warmup)))


class Run:
    """Trains a task on this process' device, beside the other processes of a group."""

    def __init__(self, job, task, folder, device, quiet=False):
        self.job, self.task, self.plan = job, task, job.plan
        self.folder, self.device, self.quiet = pathlib.Path(folder), device, quiet
        grouped = distributed.is_initialized()
        self.rank = distributed.get_rank() if grouped else 0
        self.ranks = distributed.get_world_size() if grouped else 1
        if task.options["batch"] < self.ranks:
            raise JobError(f"a batch of {task.options['batch']} cannot be divided among {self.ranks} processes")
        self.names = [name for name, _ in task.weights.trained()]
        self.parameters = [p for _, p in task.weights.trained()]
        # As in genret, single rows do not decay.
        decays = [p for p in self.parameters if p.dim() == 2 and p.shape[0] > 1]
        others = [p for p in self.parameters if not (p.dim() == 2 and p.shape[0] > 1)]
        self.optimiser = torch.optim.AdamW(
            [{"params": decays, "weight_decay": self.plan["weight_decay"]}, {"params": others, "weight_decay": 0.0}],
            lr=self.plan["learning_rate"], betas=(self.plan["beta1"], self.plan["beta2"]), eps=self.plan["epsilon"])
        self.step, self.steps, self.seconds = 0, self.plan["steps"], 0.0
        self.best, self.best_loss, self.best_step, self.stale = None, None, None, 0
        self.start = {name: p.detach().clone() for name, p in task.weights.trained()}
        if (self.folder / "state.safetensors").exists():
            self._resume()
        self.module = task.module
        if self.ranks > 1:
            self.module = torch.nn.parallel.DistributedDataParallel(
                task.module, device_ids=[device] if device.type == "cuda" else None)

    def run(self, on_step=lambda step, loss, held_out: None):
        """Trains to the end and writes the folder that genret takes.

        `on_step` hears every step, its loss, and the held-out loss where it was measured; what it raises ends
        the run, which can go on from its last checkpoint.
        """
        if self.rank == 0:
            self.folder.mkdir(parents=True, exist_ok=True)
        begun, before = time.monotonic(), self.seconds
        measured, paused = None, 0.0
        if self.step == 0:
            paused = self._timed(self._evaluate)
        ended = self._has_no_patience()
        while not ended and (self.steps is None or self.step < self.steps):
            loss = self._advance()
            self.seconds = before + time.monotonic() - begun
            if self.steps is None:
                if self.step == MEASURED[0] or measured is None:
                    measured = (self.step, time.monotonic())
                elif self.step >= MEASURED[1]:
                    self._fix_steps(measured, paused)
            held_out = None
            if self.step % self.plan["evaluation_interval"] == 0 or self.step == self.steps:
                held_out = self._evaluate()
                ended = self._has_no_patience()
            self._show(loss, held_out)
            if self.step % self.plan["checkpoint_interval"] == 0 or self.step == self.steps or ended:
                self._checkpoint()
            on_step(self.step, loss, held_out)
        if self.best is not None:
            self._put(self.best)
        with torch.no_grad():
            keeps_start = self.task.finish(self.start) if self.rank == 0 else False
        if self.rank == 0:
            self._write(keeps_start)
        if self.ranks > 1:
            distributed.barrier()

    def _advance(self):
        """One step: all its batches, the norm, the update. Returns the loss."""
        self.optimiser.zero_grad(set_to_none=True)
        total, parts = 0.0, self.plan["accumulation"]
        for part in range(parts):
            batch = self.task.batch(batch_generator(self.plan, self.step, part))
            with self._autocast():
                loss = self.task.loss(self.module, batch, self.rank, self.ranks)
            total += float(loss.detach()) / parts
            # Groups average gradients, and the parts of ranks are to be summed.
            (loss * self.ranks / parts).backward()
        total = self._sum(total)
        if not math.isfinite(total):
            raise JobError(f"the loss of step {self.step} is not a number; a lower learning rate may help")
        if self.plan["clip"] is not None:
            torch.nn.utils.clip_grad_norm_(self.parameters, self.plan["clip"])
        rate = schedule(self.step, self.plan["warmup"], self.steps)
        for group in self.optimiser.param_groups:
            group["lr"] = self.plan["learning_rate"] * rate
        self.optimiser.step()
        self.step += 1
        return total

    def _autocast(self):
        return torch.autocast("cuda", dtype=torch.bfloat16) if self.device.type == "cuda" else nullcontext()

    def _sum(self, value):
        if self.ranks == 1:
            return value
        tensor = torch.tensor(value, device=self.device, dtype=torch.float64)
        distributed.all_reduce(tensor)
        return float(tensor)

    def _evaluate(self):
        """Measures the held-out loss and keeps the weights when it is the best."""
        with torch.no_grad(), self._autocast():
            loss = self.task.held_out_loss()
        if loss is None:
            return None
        # One process decides, so that no rounding parts the group.
        loss = self._from_first(loss)
        if not math.isfinite(loss):
            raise JobError(f"the held-out loss after step {self.step} is not a number")
        if self.best_loss is None or loss < self.best_loss:
            self.best_loss, self.best_step, self.stale = loss, self.step, 0
            self.best = {n: p.detach().clone() for n, p in zip(self.names, self.parameters)}
        else:
            self.stale += 1
        return loss

    def _from_first(self, value):
        """The value of the first process."""
        if self.ranks == 1:
            return value
        tensor = torch.tensor(value, device=self.device, dtype=torch.float64)
        distributed.broadcast(tensor, 0)
        return float(tensor)

    @staticmethod
    def _timed(body):
        begun = time.monotonic()
        body()
        return time.monotonic() - begun

    def _fix_steps(self, measured, paused):
        """Fixes the number of steps so that they take the minutes that were given."""
        per_step = (time.monotonic() - measured[1]) / (self.step - measured[0])
        per_step += paused / self.plan["evaluation_interval"]
        left = self.plan["minutes"] * 60 - self.seconds
        self.steps = int(self._from_first(self.step + max(1, int(left / max(per_step, 1e-6)))))

    def _has_no_patience(self):
        return self.plan["patience"] is not None and self.stale >= self.plan["patience"]

    def _put(self, tensors):
        with torch.no_grad():
            for name, parameter in zip(self.names, self.parameters):
                parameter.copy_(tensors[name])

    def _show(self, loss, held_out):
        if self.rank or self.quiet or (held_out is None and self.step % 50):
            return
        shown = f"step {self.step}" + (f" of {self.steps}" if self.steps else "") + f"  loss {loss:.4f}"
        shown += f"  held out {held_out:.4f}" if held_out is not None else ""
        rate = self.step * self.task.examples() * self.plan["accumulation"] / max(self.seconds, 1e-9)
        print(f"{shown}  {rate:.0f} examples/s", file=sys.stderr, flush=True)

    def _checkpoint(self):
        """Writes everything that a run needs to go on, in one step."""
        if self.rank:
            return
        tensors = {}
        for name, parameter in zip(self.names, self.parameters):
            moments = self.optimiser.state.get(parameter)
            tensors["parameters/" + name] = parameter
            if moments:
                tensors["first/" + name], tensors["second/" + name] = moments["exp_avg"], moments["exp_avg_sq"]
            if self.best is not None:
                tensors["best/" + name] = self.best[name]
        state = {
            "fingerprint": self.job.fingerprint, "step": self.step, "steps": self.steps, "seconds": self.seconds,
            "best_loss": self.best_loss, "best_step": self.best_step, "stale": self.stale}
        save(tensors, self.folder / "state.safetensors", {"trainer": json.dumps(state)})

    def _resume(self):
        path = self.folder / "state.safetensors"
        try:
            with safe_open(path, framework="pt") as file:
                state = json.loads((file.metadata() or {})["trainer"])
        except Exception:
            raise JobError(f"{path}: not the state of such a training") from None
        if state["fingerprint"] != self.job.fingerprint:
            raise JobError(f"{path}: the state belongs to another job")
        tensors = {name: tensor.to(self.device) for name, tensor in load(path).items()}
        self.step, self.steps, self.seconds = state["step"], state["steps"], state["seconds"]
        self.best_loss, self.best_step, self.stale = state["best_loss"], state["best_step"], state["stale"]
        self._put({name: tensors["parameters/" + name] for name in self.names})
        if self.best_loss is not None:
            self.best = {name: tensors["best/" + name] for name in self.names}
        for name, parameter in zip(self.names, self.parameters):
            if "first/" + name in tensors:
                self.optimiser.state[parameter] = {
                    "step": torch.tensor(float(self.step)), "exp_avg": tensors["first/" + name],
                    "exp_avg_sq": tensors["second/" + name]}

    def _write(self, keeps_start):
        start = self.job.folder / "start"
        shutil.copyfile(start / "config.json", self.folder / "config.json")
        if keeps_start:
            shutil.copyfile(start / "model.safetensors", self.folder / "model.safetensors")
        else:
            save_model(self.task.weights, self.folder / "model.safetensors", self.job.weights)
        best = f", held-out loss {self.best_loss:.4f} after step {self.best_step}" if self.best_loss is not None else ""
        print(f"{self.folder}: {self.step} steps in {self.seconds:.0f} s{best}", flush=True)
