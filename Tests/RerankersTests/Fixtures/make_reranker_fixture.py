"""Makes a tiny chat model and what rerankers must say with it.

    make_reranker_fixture.py FIXTURES_DIRECTORY

  tiny_chat.gguf   a decoder of two layers with random weights, a byte-level vocabulary and ChatML
  rerankers.json   queries with passages, and each method's scores and orders: written here after the papers, one whole prompt a
                   question, with every softmax and every attention matrix in full

Needs `pip install gguf numpy`.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
from gguf import GGUFWriter

LAYERS, WIDTH, HEADS, KEYS, INNER, CONTEXT, BASE, EPSILON = 2, 160, 4, 2, 64, 4096, 10000.0, 1e-5
HEAD = WIDTH // HEADS


# --- The model ---------------------------------------------------------------------------------------------------------------------

def letters():
    """The letter that byte-level vocabularies use for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b) if b in plain else chr(next(others)) for b in range(256)]


LETTERS = letters()
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MERGES = ["Y e", "Ye s", "N o", "Ġ Yes", "Ġ No", "Ġ A", "Ġ B", "t h", "th e", "Ġ the"]
TOKENS = SPECIAL + LETTERS + [merge.replace(" ", "") for merge in MERGES]
IDS = {token: place for place, token in enumerate(TOKENS)}


def encode(text):
    """Bytes as letters, then merges in their order."""
    parts = [LETTERS[byte] for byte in text.encode()]
    for merge in MERGES:
        first, second = merge.split()
        joined, place = [], 0
        while place < len(parts):
            if parts[place : place + 2] == [first, second]:
                joined.append(first + second)
                place += 2
            else:
                joined.append(parts[place])
                place += 1
        parts = joined
    return [IDS[part] for part in parts]


def weights(generator):
    def random(*shape):
        return generator.normal(size=shape).astype(np.float32) * (1.6 / math.sqrt(shape[-1]))

    # Large embeddings, so that what a token is counts.
    model = {"words": random(len(TOKENS), WIDTH) * 2, "norm": np.ones(WIDTH, np.float32), "layers": []}
    for _ in range(LAYERS):
        model["layers"].append({
            "q": random(HEADS * HEAD, WIDTH), "k": random(KEYS * HEAD, WIDTH), "v": random(KEYS * HEAD, WIDTH),
            "o": random(WIDTH, HEADS * HEAD), "gate": random(INNER, WIDTH), "up": random(INNER, WIDTH),
            "down": random(WIDTH, INNER), "norm1": np.ones(WIDTH, np.float32), "norm2": np.ones(WIDTH, np.float32)})
    return model


def normalised(x, weight):
    return x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * weight


def turned(x):
    """Rotary positions: halves of a head turn together."""
    half = HEAD // 2
    angles = np.outer(np.arange(x.shape[0]), BASE ** (-np.arange(half) / half))[:, None, :]
    a, b = x[..., :half], x[..., half:]
    return np.concatenate([a * np.cos(angles) - b * np.sin(angles), b * np.cos(angles) + a * np.sin(angles)], -1)


def softmax(x):
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def forward(model, tokens):
    """Logits of all positions, and attention [layers × heads × rows × tokens]."""
    x = model["words"][tokens].astype(np.float64)
    n = len(tokens)
    attentions = []
    for layer in model["layers"]:
        h = normalised(x, layer["norm1"])
        q = turned((h @ layer["q"].T).reshape(n, HEADS, HEAD))
        k = turned((h @ layer["k"].T).reshape(n, KEYS, HEAD))
        v = (h @ layer["v"].T).reshape(n, KEYS, HEAD)
        out, own = np.zeros((n, HEADS, HEAD)), []
        for head in range(HEADS):
            scores = q[:, head] @ k[:, head // (HEADS // KEYS)].T / math.sqrt(HEAD)
            scores[np.triu_indices(n, 1)] = -np.inf
            p = softmax(scores)
            own.append(p)
            out[:, head] = p @ v[:, head // (HEADS // KEYS)]
        attentions.append(own)
        x = x + out.reshape(n, -1) @ layer["o"].T
        h = normalised(x, layer["norm2"])
        gate = h @ layer["gate"].T
        x = x + (gate / (1 + np.exp(-gate)) * (h @ layer["up"].T)) @ layer["down"].T
    return normalised(x, model["norm"]) @ model["words"].T, np.array(attentions)


def interleaved(weight, heads):
    """The order that llama.cpp's converter gives to the rows of queries and keys."""
    half = weight.shape[0] // heads // 2
    return weight.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(weight.shape)


def write(model, path):
    writer = GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KEYS)
    writer.add_rope_freq_base(BASE)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(TOKENS)
    writer.add_token_types([3] * len(SPECIAL) + [1] * (len(TOKENS) - len(SPECIAL)))
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_add_bos_token(False)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}")
    writer.add_tensor("token_embd.weight", model["words"])
    writer.add_tensor("output_norm.weight", model["norm"])
    for place, layer in enumerate(model["layers"]):
        for name, part in {
            "attn_q": interleaved(layer["q"], HEADS), "attn_k": interleaved(layer["k"], KEYS), "attn_v": layer["v"],
            "attn_output": layer["o"], "ffn_gate": layer["gate"], "ffn_up": layer["up"], "ffn_down": layer["down"],
            "attn_norm": layer["norm1"], "ffn_norm": layer["norm2"]}.items():
            writer.add_tensor(f"blk.{place}.{name}.weight", part)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


# --- The methods, each with its prompt written out -----------------------------------------------------------------------------------

class Methods:
    def __init__(self, model, query, passages):
        self.model, self.query, self.passages = model, query, passages

    def prompt(self, *parts, lead="", system=None):
        """A user's message of parts, each tokenised by itself, and how the answer begins."""
        ids = [] if system is None else [IDS["<|im_start|>"], *encode("system\n"), *encode(system), IDS["<|im_end|>"], *encode("\n")]
        ids += [IDS["<|im_start|>"], *encode("user\n")]
        for part in parts:
            ids += encode(part)
        return ids + [IDS["<|im_end|>"], *encode("\n"), IDS["<|im_start|>"], *encode("assistant\n"), *encode(lead)]

    def logits(self, ids):
        return forward(self.model, ids)[0][-1]

    def label(self, logits, text):
        forms = [encode(form) for form in (text, " " + text)]
        return np.logaddexp.reduce([logits[form[0]] for form in forms if len(form) == 1])

    def yesno(self, passage, query):
        logits = self.logits(self.prompt(
            "Here is a passage from a collection.\n\n", "Passage:", " " + passage, "\n\n",
            f"Query: {query}\n\nDoes the passage answer the query? Reply Yes or No."))
        return self.label(logits, "Yes") - self.label(logits, "No")

    def plain_yesno(self, passage):
        logits = self.logits(self.prompt(
            f"Query: {self.query}\n\n", "Passage:", " " + passage, "\n\n", "Does the passage answer the query? Reply Yes or No."))
        return self.label(logits, "Yes") - self.label(logits, "No")

    def prorank(self, passage):
        logits = self.logits(self.prompt(
            f"query: {self.query}\n", "document:", " " + passage, "\n",
            "Decide whether the document is relevant to the query: 1 if it is, 0 if it is not.", lead="relevance:"))
        return self.label(logits, "1") - self.label(logits, "0")

    def graded(self, passage):
        logits = self.logits(self.prompt(
            f"Query: {self.query}\n\n", "Passage:", " " + passage, "\n\n",
            "Grade how well the passage answers the query: 0 if it has nothing to do with it, 1 if it is about the same thing and "
            "does not answer it, 2 if it answers it in part, 3 if it answers it. Reply with the grade alone.", lead="Grade:"))
        p = softmax(np.array([self.label(logits, grade) for grade in "0123"]))
        return float(p @ np.arange(4))

    def likelihood(self, passage):
        ids = self.prompt("Passage:", " " + passage, "\n\n", "Write a query that this passage answers.")
        query = encode(self.query)
        rows = forward(self.model, ids + query)[0][len(ids) - 1 : -1]
        logs = rows - np.logaddexp.reduce(rows, axis=-1, keepdims=True)
        return float(np.mean([row[token] for row, token in zip(logs, query)]))

    def pair(self, first, second):
        logits = self.logits(self.prompt(
            f"Query: {self.query}\n\nWhich of two passages is more relevant to the query?\n\n",
            "Passage A:", " " + first, "\n\n", "Passage B:", " " + second, "\n\n", "Answer Passage A or Passage B.", lead="Passage"))
        return self.label(logits, "A") - self.label(logits, "B")

    def delta(self, a, b):
        a, b = self.passages[a], self.passages[b]
        return self.pair(a, b) - self.pair(b, a)

    def all_pairs(self):
        n = len(self.passages)
        return [sum(1 / (1 + math.exp(-self.delta(i, j))) for j in range(n) if j != i) for i in range(n)]

    def letters(self, group, query, parts):
        before, passage, after, lead = parts(query, len(group))
        text = [before]
        for letter, place in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", group):
            head, foot = passage.replace("LETTER", letter).split("TEXT")
            text += [head.removesuffix(" "), " " + self.passages[place], foot]
        logits = self.logits(self.prompt(*text, after, lead=lead))
        own = np.array([self.label(logits, letter) for letter, _ in zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", group)])
        return own - np.logaddexp.reduce(own)

    def setwise_best(self, group):
        def parts(query, n):
            names = ", ".join("ABCDEFGHIJ"[:n])
            return (f"Query: {query}\n\nHere are {n} passages.\n\n", "Passage LETTER: TEXT\n\n",
                    f"Which of the passages {names} is the most relevant to the query? Answer with its letter alone.", "Passage")
        return int(np.argmax(self.letters(group, self.query, parts)))

    def first_scores(self, group):
        def parts(query, n):
            return (f"Here are {n} passages, each with a letter.\n\n", "[LETTER] TEXT\n\n",
                    f"Query: {query}\n\nRank the passages by their relevance to the query, the most relevant first, as letters in "
                    "brackets.", "[")
        return self.letters(group, self.query, parts) - self.letters(group, "N/A", parts)

    def windows(self, size, stride):
        """RankGPT's windows, from the end; the first place is always in one."""
        places, end = list(range(len(self.passages))), len(self.passages)
        while True:
            start = max(0, end - size)
            group = places[start:end]
            scores = self.first_scores(group)
            places[start:end] = [group[i] for i in sorted(range(len(group)), key=lambda i: (-scores[i], i))]
            if start == 0:
                return places
            end -= stride

    def permutation(self):
        n = len(self.passages)
        text = [f"Here are {n} passages, each with a letter.\n\n"]
        for letter, passage in zip("ABCDEFGHIJ", self.passages):
            text += [f"[{letter}]", " " + passage, "\n\n"]
        ids = self.prompt(*text, f"Query: {self.query}\n\nRank the passages by their relevance to the query, the most relevant first, "
                          "as letters in brackets.", lead="[")
        left, order = list(range(n)), []
        while len(left) > 1:
            logits = self.logits(ids)
            options = [(form[0], place) for place in left for form in map(encode, ("ABCDEFGHIJ"[place], " " + "ABCDEFGHIJ"[place]))
                       if len(form) == 1]
            token, place = max(options, key=lambda option: logits[option[0]])
            order.append(place)
            left.remove(place)
            ids = ids + [token] + encode("] > [")
        return order + left

    def heap(self, children, top, best):
        """A heap in which each question is about a node and its children."""
        heap = list(range(len(self.passages)))

        def sift(node):
            while True:
                group = [node] + [c for c in range(children * node + 1, children * node + children + 1) if c < len(heap)]
                if len(group) == 1:
                    return
                winner = group[best([heap[place] for place in group])]
                if winner == node:
                    return
                heap[node], heap[winner] = heap[winner], heap[node]
                node = winner

        for node in range(len(heap) - 1, -1, -1):
            sift(node)
        out = []
        while heap and len(out) < top:
            out.append(heap[0])
            heap[0] = heap[-1]
            heap.pop()
            if heap and len(out) < top:
                sift(0)
        return out + [place for place in range(len(self.passages)) if place not in out]

    def reasoned_best(self, group, most):
        """Words by the likeliest token, up to so many, then the likeliest letter."""
        n = len(group)
        text = [f"Query: {self.query}\n\nHere are {n} passages.\n\n"]
        for letter, place in zip("ABCDEFGHIJ", group):
            text += [f"[{letter}]", " " + self.passages[place], "\n\n"]
        names = ", ".join("ABCDEFGHIJ"[:n])
        ids = self.prompt(
            *text, f"Which of the passages {names} is the most relevant to the query?", lead="<think>",
            system="Think about which passage is the most relevant to the query, between <think> and </think>. Then give the letter of that "
                   "passage, between <answer> and </answer>.")
        end, written = encode("</think>"), []
        while len(written) < most and written[-len(end):] != end:
            logits = self.logits(ids + written)
            for token in ("<|endoftext|>", "<|im_start|>"):
                logits[IDS[token]] = -np.inf
            token = int(np.argmax(logits))
            if token == IDS["<|im_end|>"]:
                break
            written.append(token)
        logits = self.logits(ids + written + encode("\n</think>\n<answer>["))
        return int(np.argmax([self.label(logits, letter) for letter in "ABCDEFGHIJ"[:n]]))

    def pair_best(self, group):
        best = 0
        for place in range(1, len(group)):
            if self.delta(group[place], group[best]) > 0:
                best = place
        return best

    def attention(self, heads=None):
        """In-context reranking, with each passage's tokens between their label and the blank line."""
        def read(query):
            ids = [IDS["<|im_start|>"], *encode("user\n"), *encode(f"Here are {len(self.passages)} paragraphs.\n\n")]
            spans = []
            for rank, passage in enumerate(self.passages, 1):
                ids += encode(f"[{rank}]")
                spans.append(range(len(ids), len(ids) + len(encode(" " + passage))))
                ids += encode(" " + passage) + encode("\n\n")
            tail = len(ids)
            ids += encode(f"Find the paragraph that answers the query.\n\nQuery: {query}")
            ids += [IDS["<|im_end|>"], *encode("\n"), IDS["<|im_start|>"], *encode("assistant\n")]
            mass = forward(self.model, ids)[1]
            if heads:
                mass = np.array([[mass[layer, head] for layer, head in heads]])
            return mass[:, :, tail:, :tail].mean(2).sum((0, 1)), spans

        own, spans = read(self.query)
        empty, _ = read("N/A")
        scores = []
        for span in spans:
            c = np.array([own[t] - empty[t] for t in span])
            scores.append(float(c[c > c.mean() - 2 * c.std(ddof=1)].sum()))
        return scores


def main(directory):
    directory = Path(directory)
    model = weights(np.random.default_rng(11))
    write(model, directory / "tiny_chat.gguf")
    texts = [
        ("why is the sky blue", [
            "Short waves of light are scattered more than long ones.", "The sea takes its colour from the sky.",
            "A painter mixes blue from indigo.", "Air scatters blue light, so the sky looks blue.", "Rain falls from grey clouds.",
            "At sunset the light's way through the air is longer.", "Yes."]),
        ("how long does bread keep", ["Bread keeps three days in a cloth.", "Keep the bees warm.", "Stale bread makes crumbs."]),
        ("knot", ["A bowline holds.", "A reef knot slips; the A on a map is a place."]),
        ("one", ["The only passage."]),
    ]
    cases = []
    for query, passages in texts:
        m = Methods(model, query, passages)
        n = len(passages)
        case = {"query": query, "passages": passages, "scores": {
            "yesno": [m.yesno(p, query) - m.yesno(p, "N/A") for p in passages],
            "yesno,calibrate=false": [m.plain_yesno(p) for p in passages],
            "prorank": [m.prorank(p) for p in passages], "graded": [m.graded(p) for p in passages],
            "likelihood": [m.likelihood(p) for p in passages]}, "orders": {}}
        if n > 1:
            case["scores"]["pairwise,strategy=all"] = m.all_pairs()
            case["scores"]["first"] = list(m.first_scores(range(n)))
            case["scores"]["attention"] = m.attention()
            case["scores"]["attention,heads=0.1+1.3"] = m.attention([(0, 1), (1, 3)])
            case["orders"] = {
                "pairwise,top=3": m.heap(2, 3, m.pair_best), "setwise,top=4": m.heap(3, 4, m.setwise_best),
                "setwise,children=2,top=2": m.heap(2, 2, m.setwise_best), "first,window=4,stride=2": m.windows(4, 2),
                "permutation": m.permutation(),
                "reasoning,reasoningTokens=6,top=3": m.heap(3, 3, lambda group: m.reasoned_best(group, 6)),
                "reasoning,reasoningTokens=0,children=2,top=2": m.heap(2, 2, lambda group: m.reasoned_best(group, 0))}
        cases.append(case)

    def rounded(value):
        return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else (
            [rounded(v) for v in value] if isinstance(value, list) else
            float(f"{value:.9g}") if isinstance(value, (float, np.floating)) else value)

    (directory / "rerankers.json").write_text(json.dumps(rounded(cases), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
