"""Writes what every normaliser, pre-tokenizer, post-processor and decoder of Hugging Face
`tokenizers` does by itself, as component_reference.json.

    make_component_fixture.py OUTPUT.json [--cases DIRECTORY]

A component is put into a tokenizer whose model makes its work visible: "bytes" gives every byte of
the text it gets as a token, "words" every word as one. Of ids and offsets only hashes are kept
(FNV-1a as in make_tokenizer_fixtures.py), one a string; of decoders the texts. Some components are
also run over all scalars of the first two planes that Unicode 14 assigns, 64 to a text and an "a"
after each, one hash for 4,096 scalars. With --cases everything is written out, for debugging.
SentencePiece's character map stands only in t5.tokenizer.json; here "t5" stands for it.
Needs `pip install tokenizers==0.22.2` and Python 3.11 (Unicode 14).
"""

import base64
import json
import sys
import unicodedata
from pathlib import Path

from tokenizers import Tokenizer

from mixed_lines import line
from make_tokenizer_fixtures import LLAMA3, byte_offsets, charsmap, fnv1a

STRINGS = [
    "", " ", "a", "  a  ", "Hello, World!  How   are\tyou?\n", "the-final--countdown-", "--", "-a",
    "\u2581a \u2581\u2581b", " leading", "trailing ", "a\u00a0b\u2003c\u3000d\u2028e\u0085f\u200bg",
    "caf\u00e9 cafe\u0301 \u1e69 s\u0323\u0307 s\u0307\u0323 \u212b \ufb01 \u2460 \uff21 \u00bd \ufdfa \u3392",
    "\u0344 \u0958 \u1e9b\u0323 \u0301\u0301 \u03b1\u0345\u0301 \u0390 \u01d5 \u0f73 \u0f71\u0f72\u0f74",
    "\u1100\u1161\u11a8 \uac00\u11a8 \uac01 \u1161 \u11a8 \u1100\u1100\u1161",
    "\u0130stanbul I\u0307 STRASSE \u1e9e \u03a3\u03a3\u03c2 \u01c5", "\u0301abc", "a\u0301\u0323\u0302b",
    "\x00a\x01b\x08c\x0bd\x0ee\x1ff\x7fg\x8fh\x9fi\ufeffj\ufffdk\u200el\u1680m\u2581n",
    "12345 1,234.50 \u0661\u0662 \u00b2 \u2167 \u0969 x1y22z333", "can't won't I'LL he'd 'S we'\u017f",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1e9\U0001f1ea\U0001f1eb \U0001f44d\U0001f3fd \u2764\ufe0f e\u200d",
    "\u4e2d\u6587\u5b57\u7b26 \u65e5\u672c\u8a9e\u30c6\u30ad\u30b9\u30c8 \ud55c\uad6d\uc5b4 \u0e44\u0e17\u0e22 \u0939\u093f\u0928\u094d\u0926\u0940 \u0645\u0631\u062d\u0628\u0627",
    "\r\n\r\n\n \n  x\r\ry", "a\n\n  b", "   \n", "foo_bar2 \u203f x\u0300y \u200d\u200c z",
    "(a)[b]{c}<d>\u201ce\u201d\u00abf\u00bb\u2014g\u3002h\u3001\u055a\u166d$+=^`|~\u00a2\u00a7\u2028",
    "<s>a</s> <unk><mask>b", "abab aabb bababa", "x" * 70 + " " + "\u00e9" * 70, "a.b.c...d", "\u0120a \u010ab",
]
STRINGS += [line(i) for i in range(40)]

GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
O200K = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
PATTERNS = [
    GPT2, LLAMA3, O200K, r"\w+|[^\w\s]+", r"\d{2,3}", r"[a-c]+?b", r"(?<=a)b", r"(?<!a)b", r"(?=b)", r"a*", r"^.", r".$",
    r"\bx", r"\B.", r"(?>a+)b", r"(ab|a)(b|c)", r"a++b?", r"[^a-z\s]{2}", r"\p{Lu}\p{Ll}*", r"\P{L}+", r"[\p{P}\p{S}]",
    r"(?i)hello|[A-C]", r"\x{e9}|\u00e8|\x41", r"(?:a|b){2,3}", r"\p{N}{1,3}+", r"(?i:s)", r"x{3}?", r"\s+$", r"\h+",
    r"[^\S\n]+", r"a\Z", r"\A\s*", r"[\[\]\-^]+", r"a{,2}b", r"a|", r"\p{Alphabetic}+", r"[[:alpha:]]+",
    r"(?m:.)+", r"\S*?-", r"(?<name>o)+", r"\p{^L}", r"a{b", r"[a\-c]+", r" {2,}",
    r" ?[^(\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+", r"'s|'t|'re|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+",
    r"[0-9][0-9][0-9]", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
    r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
]
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def sequence(kind, *parts):
    return {"type": "Sequence", kind: list(parts)}


def components():
    precompiled = {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap()).decode()}
    bert = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}
    plain = [{"type": t} for t in ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "ByteLevel"]]
    for value in plain + [
        {"type": "Strip", "strip_left": True, "strip_right": True}, {"type": "Strip", "strip_left": True, "strip_right": False},
        {"type": "Strip", "strip_left": False, "strip_right": True}, {"type": "Prepend", "prepend": "\u2581x"}, bert,
        dict(bert, clean_text=False), dict(bert, lowercase=False, strip_accents=True), dict(bert, handle_chinese_chars=False, strip_accents=False),
        {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}, {"type": "Replace", "pattern": {"String": "ab"}, "content": ""},
        {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}, {"type": "Replace", "pattern": {"Regex": "(?=b)"}, "content": "|"},
        {"type": "Replace", "pattern": {"Regex": "\\p{M}"}, "content": "<>"}, {"type": "Replace", "pattern": {"Regex": "^\\s+|\\s+$"}, "content": ""},
        sequence("normalizers", {"type": "NFD"}, {"type": "StripAccents"}, {"type": "Lowercase"}),
        sequence("normalizers", {"type": "NFD"}, {"type": "NFC"}), sequence("normalizers", bert, {"type": "NFKC"}, {"type": "Prepend", "prepend": "\u2581"}),
        sequence("normalizers", {"type": "Nmt"}, {"type": "NFKC"}, {"type": "Strip", "strip_left": True, "strip_right": True},
                 {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": "\u2581"}),
        precompiled, sequence("normalizers", precompiled, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}, {"type": "Lowercase"}),
    ]:
        yield "normalizer", value, "bytes"
    for value in [
        {"type": "BertPreTokenizer"}, {"type": "Whitespace"}, {"type": "WhitespaceSplit"},
        {"type": "Digits", "individual_digits": True}, {"type": "Digits", "individual_digits": False},
        {"type": "CharDelimiterSplit", "delimiter": "-"},
        *[{"type": "Punctuation", "behavior": b} for b in BEHAVIORS],
        *[split({"String": "-"}, b, i) for b in BEHAVIORS for i in (False, True)],
        *[split({"Regex": r"\s+|b"}, b, i) for b in BEHAVIORS for i in (False, True)],
        *[split({"Regex": p}, "Isolated") for p in PATTERNS], split({"Regex": GPT2}, "Removed", True),
        split({"String": ""}), split({"Regex": ""}, "MergedWithNext"), split({"String": "ab"}, "Removed"),
    ]:
        yield "pre_tokenizer", value, "words"
    for prefix in (False, True):
        for regex in (False, True):
            for model in ("bytes", "words"):
                yield "pre_tokenizer", {"type": "ByteLevel", "add_prefix_space": prefix, "trim_offsets": True, "use_regex": regex}, model
    for scheme in ("always", "first", "never"):
        for splits in (False, True):
            meta = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": splits}
            for model in ("bytes", "words"):
                yield "pre_tokenizer", meta, model
                yield "pre_tokenizer", sequence("pretokenizers", {"type": "WhitespaceSplit"}, meta), model
                yield "pre_tokenizer", sequence("pretokenizers", meta, {"type": "Digits", "individual_digits": True}, {"type": "Punctuation", "behavior": "Isolated"}), model
    yield "pre_tokenizer", {"type": "Metaspace", "replacement": "_", "add_prefix_space": True}, "bytes"
    level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    for value in [
        sequence("pretokenizers", {"type": "Digits", "individual_digits": True}, level),
        sequence("pretokenizers", level, {"type": "Digits", "individual_digits": False}),
        sequence("pretokenizers", {"type": "Whitespace"}, dict(level, use_regex=False)),
        sequence("pretokenizers", {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}, level),
    ]:
        yield "pre_tokenizer", value, "bytes"
        yield "pre_tokenizer", value, "words"


def sweep_components():
    for kind in ["NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt"]:
        yield "normalizer", {"type": kind}, "bytes"
    yield "normalizer", {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True}, "bytes"
    for value in [{"type": "Whitespace"}, {"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": True},
                  {"type": "Punctuation", "behavior": "Isolated"}, {"type": "BertPreTokenizer"},
                  *[split({"Regex": p}) for p in [r"\p{L}", r"\p{N}", r"\s", r"\w", r"\d", r"\p{P}", r"\p{S}", r"\p{M}", r"\p{Lu}", r"\p{Ll}", "(?i:[a-zß-ö])", r"\p{Cf}"]]]:
        yield "pre_tokenizer", value, "words"


def models():
    names = ["<unk>"] + [f"<0x{b:02X}>" for b in range(256)]
    return {
        "bytes": {"type": "BPE", "dropout": None, "unk_token": "<unk>", "continuing_subword_prefix": None,
                  "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": True, "ignore_merges": False,
                  "vocab": {name: i for i, name in enumerate(names)}, "merges": []},
        "words": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0}},
    }


def tokenizer(model, **sections):
    value = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None,
             "pre_tokenizer": None, "post_processor": None, "decoder": None, "model": model}
    value.update(sections)
    return Tokenizer.from_str(json.dumps(value))


def data(t, text):
    encoding = t.encode(text)
    output = bytearray()
    for token, (start, end) in zip(encoding.ids, byte_offsets(text, encoding)):
        for value in (token, start, end):
            output += value.to_bytes(4, "little")
    return output


def sweep_texts():
    """Texts by block of 4,096 scalars."""
    assert unicodedata.unidata_version == "14.0.0"
    for first in range(0, 0x20000, 0x1000):
        scalars = [chr(s) for s in range(first, first + 0x1000)
                   if not 0xD800 <= s < 0xE000 and unicodedata.category(chr(s)) != "Cn"]
        yield ["".join(c + "a" for c in scalars[i:i + 64]) for i in range(0, len(scalars), 64)]


SPELLINGS = ["\u2581the", "\u2581", "the", "Hello", "##lo", "\u0120world", "\u010a", "\u00c3", "\u00a9", "</w>", "low</w>", "er</w>", "<0xE2>", "<0x82>",
             "<0xAC>", "<0xFF>", "<0x+1>", "<0xZZ>", "don", "'t", "n't", ".", ",", "do not", "'s", "\u4e2d", "  two", "x y", " ", "", "\u2581\u2581a", "#", "a b </w> c"]


def decoder_cases():
    for value in [
        None, {"type": "WordPiece", "prefix": "##", "cleanup": True}, {"type": "WordPiece", "prefix": "##", "cleanup": False},
        {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}, {"type": "ByteFallback"}, {"type": "Fuse"},
        {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True},
        {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "never", "split": True},
        {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "Replace", "pattern": {"Regex": "[a-o]+"}, "content": "-"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0}, {"type": "BPEDecoder", "suffix": "</w>"},
        sequence("decoders", {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
                 {"type": "Strip", "content": " ", "start": 1, "stop": 0}),
        sequence("decoders", {"type": "ByteFallback"}, {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": True}),
    ]:
        t = tokenizer({"type": "WordLevel", "unk_token": "#", "vocab": {s: i for i, s in enumerate(SPELLINGS)}}, decoder=value)
        n = len(SPELLINGS)
        lists = [list(range(n)), list(range(n))[::-1], [1, 0, 3, 4, 21], [12, 13, 14], [12, 13], [13, 12, 13, 14, 5], [10, 11, 10], [7, 8, 5]]
        lists += [[(i * k + 3) % n for i in range(12)] for k in (5, 7, 11, 13)]
        yield {"decoder": value, "cases": [{"ids": ids, "text": t.decode(ids)} for ids in lists]}


if __name__ == "__main__":
    directory = Path(sys.argv[3]) if sys.argv[2:3] == ["--cases"] else None
    output = {"models": models(), "strings": STRINGS[:-40], "lines": 40, "components": [], "sweeps": [], "spellings": SPELLINGS}
    for number, (section, value, model) in enumerate(components()):
        t = tokenizer(output["models"][model], **{section: value})
        output["components"].append({"section": section, "value": value, "model": model,
                                     "hashes": [f"{fnv1a(data(t, s)):016x}" for s in STRINGS]})
        if directory:
            with open(directory / f"{number}.jsonl", "w") as file:
                for s in STRINGS:
                    e = t.encode(s)
                    file.write(json.dumps({"t": s, "i": e.ids, "o": [x for p in byte_offsets(s, e) for x in p]}) + "\n")
            (directory / f"{number}.json").write_text(t.to_str())
    texts = list(sweep_texts())
    for number, (section, value, model) in enumerate(sweep_components()):
        t = tokenizer(output["models"][model], **{section: value})
        if directory:
            with open(directory / f"sweep{number}.jsonl", "w") as file:
                for s in (s for block in texts for s in block):
                    e = t.encode(s)
                    file.write(json.dumps({"t": s, "i": e.ids, "o": [x for p in byte_offsets(s, e) for x in p]}) + "\n")
            (directory / f"sweep{number}.json").write_text(t.to_str())
            continue
        hashes = []
        for block in texts:
            hash_ = 0xCBF29CE484222325
            for s in block:
                hash_ = fnv1a(data(t, s), hash_)
            hashes.append(f"{hash_:016x}")
        output["sweeps"].append({"section": section, "value": value, "model": model, "hashes": hashes})
    output["decoders"] = list(decoder_cases())
    text = json.dumps(output, ensure_ascii=True, separators=(",", ":")).replace(base64.b64encode(charsmap()).decode(), "t5")
    Path(sys.argv[1]).write_text(text + "\n")
