"""Writes what Hugging Face `tokenizers` makes of added tokens with every mixture of options.

    make_added_tokens_fixture.py OUTPUT.json

Tokens are added to the tokenizers beside this script (make_tokenizer_fixtures.py); for each text a
hash of ids and offsets is kept, FNV-1a as there. Texts on which the reference itself fails are
left out. Needs `pip install tokenizers==0.22.2`.
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import AddedToken, Tokenizer

from make_tokenizer_fixtures import byte_offsets, fnv1a, write
from mixed_lines import line

NAMES = ["query", "Foo", "foo bar", "<x>", "x", "É", "<mask2>", " lead", "trail ", "the", "é", "ab", "abc",
         "\u2581q", "中", "<|a|>", "search index", "\n"]
# Nmt and Strip leave nothing of a newline, and the reference then matches the empty text
# everywhere; metaspace_bpe is not among these.
FAMILIES = ["gpt2", "bart", "qwen2", "llama3", "llama2", "t5", "xlmr", "wordpiece", "mpnet", "word_level",
            "byte_unigram", "smollm"]


def data(tokenizer, text):
    encoding = tokenizer.encode(text)
    output = bytearray()
    for token, (start, end) in zip(encoding.ids, byte_offsets(text, encoding)):
        for value in (token, start, end):
            output += value.to_bytes(4, "little")
    return output


if __name__ == "__main__":
    directory = Path(__file__).parent
    g = random.Random(41)
    sets = []
    for number in range(48):
        family = FAMILIES[number % len(FAMILIES)]
        path = str(directory / f"{family}.tokenizer.json")
        tokenizer = Tokenizer.from_file(path)
        flags = ["single_word", "lstrip", "rstrip", "normalized", "special"]
        tokens = [AddedToken(name, **{flag: g.random() < 0.3 for flag in flags}) for name in g.sample(NAMES, 6)]
        tokenizer.add_special_tokens([t for t in tokens if t.special])
        tokenizer.add_tokens([t for t in tokens if not t.special])
        tokenizer = Tokenizer.from_str(tokenizer.to_str())
        cases = []
        for i in range(24):
            text = "".join(g.choice(NAMES + [" ", "  ", "word", "_", "\t", "."]) for _ in range(g.randrange(1, 12)))
            if i % 4 == 0:
                text = line(number * 24 + i) + text
            try:
                cases.append([text, f"{fnv1a(data(tokenizer, text)):016x}"])
            except BaseException:
                tokenizer = Tokenizer.from_str(tokenizer.to_str())
        sets.append({"family": family, "added_tokens": json.loads(tokenizer.to_str())["added_tokens"], "cases": cases})
    write(sys.argv[1], sets)
