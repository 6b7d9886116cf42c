"""Collections with judged questions, indexed once, for scripts that fit what is the same for all of them."""
import json
import math
import os
import random
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def program():
    """genret: the one that GENRET names, or the one that is built here."""
    named = os.environ.get("GENRET")
    if named:
        return named
    built = subprocess.run(
        ["swift", "build", "--package-path", ROOT, "-c", "release", "--show-bin-path"], capture_output=True, text=True,
        check=True)
    return f"{built.stdout.strip()}/genret"


class JudgedCollection:
    """A collection in BEIR layout, FOLDER[:SPLIT], and its index in a folder for work: the general generator, not refined.

    `asked` are at most so many questions of the split ("test" if not given), drawn once and for all: text and grades.
    """

    def __init__(self, genret, place, work, questions):
        self.genret = genret
        folder, _, split = place.partition(":")
        self.name = os.path.basename(folder.rstrip("/"))
        self.index = f"{work}/{self.name}.genret"
        os.makedirs(work, exist_ok=True)
        if not os.path.isdir(self.index):
            self.run("index", f"{folder}/corpus.jsonl", "-o", self.index, "--encoder-precision", "int8", "--train-steps",
                     "0", "--pseudo-queries", "0", "-q")
        self.asked = judged_questions(folder, split or "test", questions)

    def run(self, *arguments, text=None):
        return subprocess.run([self.genret, *arguments], input=text, capture_output=True, text=True, check=True).stdout

    def answers(self, *options):
        """The candidates that `genret query` finds for each question, with its grades."""
        said = self.run("query", self.index, "-", "--json=v1", *options, text="".join(text + "\n" for text, _ in self.asked))
        return [(json.loads(line)["candidates"], judged) for line, (_, judged) in zip(said.splitlines(), self.asked)]


def judged_questions(folder, split, most):
    texts = {}
    for line in open(f"{folder}/queries.jsonl"):
        item = json.loads(line)
        texts[item["_id"]] = re.sub(r"\s+", " ", item["text"]).strip()
    judged = {}
    for line in open(f"{folder}/qrels/{split}.tsv"):
        fields = line.rstrip("\n").split("\t")
        if fields[-1].lstrip("-").isdigit() and int(fields[2]) > 0:
            judged.setdefault(fields[0], {})[fields[1]] = int(fields[2])
    chosen = sorted(name for name in judged if texts.get(name))
    random.Random(7).shuffle(chosen)
    return [(texts[name], judged[name]) for name in chosen[:most]]


def gain(grades):
    """The discounted gain of ten passages in their order."""
    return sum(grade / math.log2(2 + rank) for rank, grade in enumerate(grades[:10]))


def best_gain(judged):
    """The discounted gain of the best ten that a question could have."""
    return gain(sorted(judged.values(), reverse=True))
