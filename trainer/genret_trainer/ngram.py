"""Teaches a generator to write spans of a query's passage, its title, and the query from the passage: genret's
NgramTask."""

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
        self.sampler = SpanSampler(
            self.passages, job.array("vocabulary.starts_word"), self.options["span_length"],
            self.options.get("beside_weight", 0.5))
        self.encoder = frozen_encoder(job).to(device)
        words = self.encoder.weights[self.encoder.prefix + "embeddings.word_embeddings.weight"].detach()
        self.network = Generator(job.folder / "start", job.configuration("start"), words).to(device)
        if "body" not in self.network.tasks:
            raise JobError('the generator has no task "body"')
        self.body = self.network.tasks.index("body")
        self.title = self.network.tasks.index("title") if "title" in self.network.tasks else None
        if self.options["question_share"] > 0:
            if "question" not in self.network.tasks:
                raise JobError('the generator has no task "question"')
            self.question, self.read = self.network.tasks.index("question"), job.ragged("read")
        # On a CPU the frozen encoder is most of the work; from the second pass on it costs nothing.
        self.known = {} if device.type == "cpu" else None

    @property
    def weights(self):
        return self.network.weights

    @property
    def module(self) -> nn.Module:
        return self.network

    def batch(self, random):
        """The sources and targets of a batch."""
        count = len(self.pairs)
        chosen = [self.pairs[random.below(count)] for _ in range(self.options["batch"])]
        return self.drawn(chosen, random)

    def drawn(self, pairs, random):
        """What is drawn of pairs: spans and titles of queries, then queries of passages.

        A source is a list of texts and a number in it.
        """
        answered, asked, targets = [], [], []
        for query, number in pairs:
            by_span, by_title, by_question, place = (random.unit() for _ in range(4))
            source, own = len(answered), []
            if by_span < self.options["span_share"] and len(self.passages[number]):
                own.append(self.span(source, query, number, place))
            name = self.titles[number].tolist()
            if self.title is not None and by_title < self.options["title_share"] and self.fits(name):
                own.append(Target(source, self.title, [*name, self.options["end"]]))
            if own:
                answered.append((self.queries, query))
            targets += own
            if by_question < self.options["question_share"] and self.fits(self.text(query)):
                asked.append((self.read, number, self.text(query)))
        for place, (_, _, text) in enumerate(asked):
            targets.append(Target(len(answered) + place, self.question, [*text, self.options["end"]]))
        return answered + [source[:2] for source in asked], targets

    def span(self, source, query, number, draw):
        passage = self.passages[number][:self.options["passage_length"]]
        starts = self.sampler.starts(self.queries[query], passage)
        place, first = self.sampler.pick(starts, draw), np.nonzero(starts > 0)[0]
        return Target(
            source, self.body, passage[place:place + self.options["span_length"]].tolist(),
            (passage[first].tolist(), starts[first].tolist()))

    def text(self, query):
        """A query without the special tokens at either end."""
        return self.queries[query][1:-1].tolist()

    def fits(self, tokens):
        """Whether a title or a question can be written, with its end."""
        return 0 < len(tokens) < self.network.longest

    def loss(self, module, batch, rank=0, ranks=1):
        """This rank's part of the batch's loss: over all ranks the parts sum to the mean over rows."""
        sources, targets = batch
        if len(targets) < ranks:
            raise JobError("a batch has nothing to learn: its passages are empty")
        total, mine = sum(len(t.tokens) for t in targets), targets[rank::ranks]
        own = sorted({t.source for t in mine})
        place = {source: index for index, source in enumerate(own)}
        mine = [Target(place[t.source], t.task, t.tokens, t.first) for t in mine]
        return module(*self.states([sources[source] for source in own]), mine) / total

    def states(self, sources):
        """The encoder's states of sources, their tokens that may be copied, and where tokens are."""
        texts = [lists[number] for lists, number in sources]
        tokens, mask = padded(texts, self.device)
        if self.known is None:
            states = self.encode(tokens, mask)
        else:
            # Each alone: its states must not depend on the batch in which it came first.
            for (lists, number), text in zip(sources, texts):
                key = (id(lists), int(number))
                if key not in self.known:
                    self.known[key] = self.encode(*padded([text], self.device))[0]
            states = nn.utils.rnn.pad_sequence(
                [self.known[id(lists), int(number)] for lists, number in sources], batch_first=True)
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
            total += float(self.loss(self.network, self.drawn(part, random))) * len(part)
        return total / len(self.held_out)

    def examples(self):
        return self.options["batch"]

    def finish(self, start):
        """A generator is written as it was trained."""
        return False
