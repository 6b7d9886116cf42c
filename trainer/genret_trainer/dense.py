"""Teaches an encoder to find the vectors of a query's passages, which stay as they are: genret's DenseTask
(ADORE and STAR, Zhan et al. 2021)."""

import numpy as np
import torch
from torch import nn

from .encoder import Encoder, layer_of
from .job import JobError
from .ragged import padded

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


class DenseTask:
    """The task of a job of the kind `dense`."""

    def __init__(self, job, device):
        self.job, self.device, self.options = job, device, job.options
        self.queries = job.ragged("queries")
        self.training = job.array("train.queries"), job.ragged("train.passages")
        self.held_out = job.array("held_out.queries"), job.ragged("held_out.passages")
        self.vectors = torch.from_numpy(job.array("vectors")).to(device)
        if self.options["negatives"] not in ("all", "hard", "static", "mixed"):
            raise JobError(f"{job.folder / 'job.json'}: there are no negatives {self.options['negatives']}")
        self.mined = job.ragged("negatives") if self.options["negatives"] in ("static", "mixed") else None
        config, layers = job.configuration("start"), self.options["layers"]
        self.network = Encoder(
            job.folder / "start", config,
            lambda name: layers is not None and layer_of(name) < config["num_hidden_layers"] - layers).to(device)

    @property
    def weights(self):
        return self.network.weights

    @property
    def module(self) -> nn.Module:
        return self.network

    def batch(self, random):
        """The rows of a batch, and the negatives that they share."""
        count = len(self.training[0])
        rows = [random.below(count) for _ in range(self.options["batch"])]
        random.next()  # The seed of genret's dropout.
        shared = []
        if self.options["negatives"] == "mixed":
            drawn = [random.below(len(self.vectors), 32) for _ in range(self.options["negative_count"])]
            shared = sorted({*drawn, *(int(p) for row in rows for p in self.training[1][row])})
        return rows, shared

    def loss(self, module, batch, rank=0, ranks=1):
        """This rank's part of the batch's loss: over all ranks the parts sum to the mean over queries."""
        rows, shared = batch
        mine = rows[rank::ranks]
        x = module(*padded([self.queries[self.training[0][row]] for row in mine], self.device))
        own = [self.training[1][row] for row in mine]
        others = None
        if self.mined is not None:
            others = [np.concatenate([self.mined[row], shared]).astype(np.int64) for row in mine]
        return self.cross_entropy(x, own, others) / len(rows)

    def cross_entropy(self, x, own, others=None):
        """The sum over queries of -1/|R| * sum over r in R of log softmax(x . vectors / temperature)_r.

        Over all passages, over `others` besides a query's own, or over what the encoder finds first.
        """
        with torch.autocast(self.device.type, enabled=False):
            x = x.float()
            aims, is_own = padded(own, self.device)
            weights = is_own / is_own.sum(1, keepdim=True)
            if self.options["negatives"] == "all":
                scores = x @ self.vectors.T / self.options["temperature"]
                log_p = scores.gather(1, aims) - scores.logsumexp(1, keepdim=True)
                return -(weights * log_p).sum()
            if others is None:
                others = self.found_first(x, own)
            negatives, is_other = padded([np.setdiff1d(o, p) for o, p in zip(others, own)], self.device)
            candidates, mask = torch.cat([aims, negatives], 1), torch.cat([is_own, is_other], 1)
            scores = (self.vectors[candidates] @ x[:, :, None])[..., 0] / self.options["temperature"]
            total = scores.masked_fill(~mask, -torch.inf).logsumexp(1, keepdim=True)
            return -(weights * (scores[:, :aims.shape[1]] - total)).sum()

    def found_first(self, x, own):
        """What the encoder, as it is now, finds first besides a query's own passages."""
        count = self.options["negative_count"]
        most = min(len(self.vectors), count + max(len(p) for p in own))
        found = (x.detach() @ self.vectors.T).topk(most).indices.cpu().numpy()
        return [row[~np.isin(row, p)][:count] for row, p in zip(found, own)]

    def _held_out_batches(self):
        queries, passages = self.held_out
        for first in range(0, len(queries), self.options["batch"]):
            rows = range(first, min(len(queries), first + self.options["batch"]))
            yield self.network.vectors([self.queries[queries[r]] for r in rows], self.device), [passages[r] for r in rows]

    def held_out_loss(self):
        """As the training's loss; without a full softmax, over what the encoder finds first."""
        if not len(self.held_out[0]):
            return None
        total = sum(float(self.cross_entropy(x, own)) for x, own in self._held_out_batches())
        return total / len(self.held_out[0])

    def held_out_reciprocal_rank(self):
        """The mean reciprocal rank at 10 of the held-out queries in an exact scan."""
        total = 0.0
        for x, own in self._held_out_batches():
            found = (x.float() @ self.vectors.T).topk(min(10, len(self.vectors))).indices.cpu().numpy()
            for row, passages in zip(found, own):
                places = np.nonzero(np.isin(row, passages))[0]
                total += 1 / (int(places[0]) + 1) if len(places) else 0
        return total / len(self.held_out[0])

    def examples(self):
        return self.options["batch"]

    def finish(self, start):
        """Mixes the weights with those of the start as held-out queries say (Wortsman et al. 2022).

        Returns whether the start's own weights are the best.
        """
        if not len(self.held_out[0]):
            return False
        trained = {name: p.detach().clone() for name, p in self.weights.trained()}

        def mix(share):
            for name, parameter in self.weights.trained():
                parameter.data.copy_((1 - share) * start[name] + share * trained[name])

        measures = []
        for share in SHARES:
            mix(share)
            measures.append(self.held_out_reciprocal_rank())
        chosen = SHARES[measures.index(max(measures))]
        mix(chosen)
        shown = ", ".join(f"{share} {measure:.4f}" for share, measure in zip(SHARES, measures))
        print(f"MRR@10 of held-out queries by the share of trained weights: {shown}", flush=True)
        print("training has not helped: the weights are those of the start" if chosen == 0
              else f"written: {chosen} of the trained weights", flush=True)
        return chosen == 0
