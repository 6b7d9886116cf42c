"""Teaches a generator to write spans of a query's passage, and its title: genret's NgramTask."""

import numpy as np
import torch
from torch import nn

from .encoder import frozen_encoder
from .generator import Generator, Target
from .job import JobError
from .ragged import padded
from .seeded import SeededGenerator
from .spans import SpanSampler


class NgramTask:
    """The task of a job of the kind `ngram`."""

    def __init__(self, job, device):
        self.job, self.device, self.options = job, device, job.options
        self.queries, self.passages, self.titles = (job.ragged(n) for n in ("queries", "passages", "titles"))
        self.pairs, self.held_out = job.array("pairs"), job.array("held_out")
        self.special = job.array("vocabulary.special").astype(bool)
        self.sampler = SpanSampler(self.passages, job.array("vocabulary.starts_word"), self.options["span_length"])
        self.encoder = frozen_encoder(job).to(device)
        words = self.encoder.weights[self.encoder.prefix + "embeddings.word_embeddings.weight"].detach()
        self.network = Generator(job.folder / "start", job.configuration("start"), words).to(device)
        if "body" not in self.network.tasks:
            raise JobError('the generator has no task "body"')
        self.body = self.network.tasks.index("body")
        self.title = self.network.tasks.index("title") if "title" in self.network.tasks else None
        # On a CPU the frozen encoder is most of the work; from the second pass on it costs nothing.
        self.known = {} if device.type == "cpu" else None

    @property
    def weights(self):
        return self.network.weights

    @property
    def module(self) -> nn.Module:
        return self.network

    def batch(self, random):
        """The pairs of a batch with what is drawn of them."""
        count = len(self.pairs)
        chosen = [self.pairs[random.below(count)] for _ in range(self.options["batch"])]
        return chosen, self.targets(chosen, random)

    def targets(self, pairs, random):
        """What should be generated of pairs: a span each, and of a share of them the title."""
        targets = []
        for source, (query, number) in enumerate(pairs):
            passage = self.passages[number][:self.options["passage_length"]]
            if len(passage):
                starts = self.sampler.starts(self.queries[query], passage)
                place = self.sampler.pick(starts, random.unit())
                first = np.nonzero(starts > 0)[0]
                targets.append(Target(
                    source, self.body, passage[place:place + self.options["span_length"]].tolist(),
                    (passage[first].tolist(), starts[first].tolist())))
            teaches_title = random.unit() < self.options["title_share"]
            name = self.titles[number]
            if self.title is not None and teaches_title and 0 < len(name) < self.network.longest:
                targets.append(Target(source, self.title, [*name.tolist(), self.options["end"]]))
        return targets

    def loss(self, module, batch, rank=0, ranks=1):
        """This rank's part of the batch's loss: over all ranks the parts sum to the mean over rows."""
        pairs, targets = batch
        if len(targets) < ranks:
            raise JobError("a batch has nothing to learn: its passages are empty")
        total, mine = sum(len(t.tokens) for t in targets), targets[rank::ranks]
        own = sorted({t.source for t in mine})
        place = {source: index for index, source in enumerate(own)}
        mine = [Target(place[t.source], t.task, t.tokens, t.first) for t in mine]
        return module(*self.sources([pairs[source][0] for source in own]), mine) / total

    def sources(self, numbers):
        """The encoder's states of queries, their tokens that may be copied, and where tokens are."""
        texts = [self.queries[n] for n in numbers]
        tokens, mask = padded(texts, self.device)
        if self.known is None:
            states = self.encode(tokens, mask)
        else:
            missing = sorted({int(n) for n in numbers} - self.known.keys())
            if missing:
                fresh = self.encode(*padded([self.queries[n] for n in missing], self.device))
                for n, state in zip(missing, fresh):
                    self.known[n] = state[:len(self.queries[n])].clone()
            states = nn.utils.rnn.pad_sequence([self.known[int(n)] for n in numbers], batch_first=True)
        special = torch.from_numpy(self.special).to(self.device)[tokens]
        return states, tokens.masked_fill(special | ~mask, -1), mask

    def encode(self, tokens, mask):
        with torch.no_grad(), torch.autocast(self.device.type, enabled=False):
            return self.encoder.states(tokens, mask)

    def held_out_loss(self):
        """The mean over batches of all held-out pairs, each with the span of a seed of its own."""
        if not len(self.held_out):
            return None
        random, total = SeededGenerator(1), 0.0
        for first in range(0, len(self.held_out), self.options["batch"]):
            part = self.held_out[first:first + self.options["batch"]]
            total += float(self.loss(self.network, (part, self.targets(part, random)))) * len(part)
        return total / len(self.held_out)

    def examples(self):
        return self.options["batch"]

    def finish(self, start):
        """A generator is written as it was trained."""
        return False
