"""Writes what Hugging Face `tokenizers` makes of awkward strings.

    make_wordpiece_fixture.py TOKENIZER.json OUTPUT.json     reference for a given tokenizer
    make_wordpiece_fixture.py --tiny DIRECTORY               our own tiny tokenizer and its reference

Offsets are UTF-8 bytes of the input. Needs `pip install tokenizers`.
"""

import json
import sys
from pathlib import Path

from tokenizers import Tokenizer

STRINGS = [
    "",
    " ",
    " \t\n\r ",
    "a",
    "Hello, World!",
    "The quick brown fox jumps over the lazy dog.",
    "Éric's naïve café — déjà vu, Ångström",
    "cafe\u0301 n\u0303o\u0308\u0323 e\u0301\u0301\u0301",
    "İstanbul ISPARTA ığdır",
    "STRASSE Straße ẞ ŉ ǰ ΐ",
    "ΑΣ ΣΊΣΥΦΟΣ ὈΔΥΣΣΕΎΣ",
    "ДОМ й ё Їжак",
    "中文字符和English混排",
    "日本語テキスト、ガ゛ｶﾞ が か\u3099",
    "\U00020000\U0002b820\U0002b920\U0002f800\uf900",
    "한국어 각 \u1112\u1161\u11ab 가",
    "👩\u200d👩\u200d👧\u200d👦 🇩🇪 👍🏽 ☺\ufe0f",
    "𝕳𝖊𝖑𝖑𝖔 𝒜𝒷 ℌ ﬁne ½",
    "\u0645\u0631\u062d\u0628\u0627 \u0628\u0650\u0633\u0652\u0645",
    "ภาษาไทย กำลัง",
    "हिन्दी में टेक्स्ट ५",
    "שָׁלוֹם",
    "a\u00a0b\u2003c\u3000d\u2028e\u0085f\u200bg\ufeffh",
    "nul\x00 bell\x07 esc\x1b del\x7f vt\x0b ff\x0c soft\u00adhyphen",
    "\ue000private\uf8ff \U000f0000 \ufffd \u0378",
    "x" * 100,
    "x" * 101,
    "é" * 100 + " " + "é" * 101,
    "Donaudampfschifffahrtsgesellschaftskapitänsmütze antidisestablishmentarianism",
    "[CLS] a [SEP] b[MASK]c [PAD][UNK] [sep] [ CLS ]",
    "[[SEP]] [SE [MASK",
    "user@example.com https://example.org/a?b=c&d=%20 #tag $5.00 50% ~x~ ^y `z` a|b <c> d+e=f",
    "don't won't I'm you've they're she's 'tis rock'n'roll",
    "“quoted” ‘single’ «guillemets» – — … ¿qué? ¡sí! 。、「」",
    "1234567890 3.14159 1,000,000 2024-05-06T07:08:09Z",
    "##ing ##",
    "snake_case camelCase kebab-case SCREAMING",
    "\u1734 \u1885 \u1886 \ua9bd \U000111c9 \U0001171e \u166d \U00011938",
    "\u0958 \u0344 \u212b \u2126 \u2adc \ufb1d \U0001d15e",
    "ﷺ ㎏ ① Ⅷ",
    "a" + "\u0301" * 50 + "b",
    "tab\tseparated\tvalues\nline two\r\nline three",
]
STRINGS.append(" ".join(f"{i} {s}" for i, s in enumerate(STRINGS)) * 3)

TEXT = """the of and a in to is was for on as with by that it at from his an he are be this which
or were had not have one but their has its first they also other two after all who been new can when
time some more may into only city about would most search index passage query tree word piece token
over then between these years no him many there known used up made so her did where will if state"""

CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,!?'\"-:;()[]#$%&*+/<=>@^_`{|}~"
WIDE = "éßøłαβγσςдомйё中文日本語ا한ก가"
SUFFIXES = "s ed ing er est ly tion ment ness able al ic ity ous ive en or um an is on it at th".split()


def tiny_tokenizer():
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    pieces += list(CHARACTERS + WIDE)
    pieces += ["##" + c for c in CHARACTERS[:36] + WIDE]
    pieces += TEXT.split() + ["##" + s for s in SUFFIXES]
    vocabulary = {}
    for piece in pieces:
        vocabulary.setdefault(piece, len(vocabulary))
    special = [
        {"id": i, "content": c, "single_word": False, "lstrip": False, "rstrip": False,
         "normalized": False, "special": True}
        for i, c in enumerate(pieces[:5])
    ]
    # One plain added token, which is matched in the normalised text and only as a whole word.
    special.append({"id": len(vocabulary), "content": "GenRet", "single_word": True,
                    "lstrip": False, "rstrip": False, "normalized": True, "special": False})
    template = [{"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
                {"SpecialToken": {"id": "[SEP]", "type_id": 0}}]
    return {
        "version": "1.0", "truncation": None, "padding": None, "added_tokens": special,
        "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True,
                       "strip_accents": None, "lowercase": True},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing", "single": template, "pair": template,
            "special_tokens": {
                "[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]},
                "[SEP]": {"id": "[SEP]", "ids": [3], "tokens": ["[SEP]"]}}},
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
                  "max_input_chars_per_word": 100, "vocab": vocabulary},
    }


def reference(tokenizer):
    tokenizer.no_truncation()
    tokenizer.no_padding()
    cases = []
    for text in STRINGS + ["GenRet genret GENRET, genrets xGenRet (genret)"]:
        encoding = tokenizer.encode(text)
        at = [0]
        for character in text:
            at.append(at[-1] + len(character.encode()))
        tokenizer.enable_truncation(16)
        short = tokenizer.encode(text).ids
        tokenizer.no_truncation()
        cases.append({
            "text": text,
            "ids": encoding.ids,
            "offsets": [x for a, b in encoding.offsets for x in (at[a], at[b])],
            "first16": short,
            # Releases of the library differ in how they spell added tokens that are normalised.
            "decoded": None if "GenRet" in text else tokenizer.decode(encoding.ids),
        })
    return cases


def write(path, value):
    Path(path).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    source, target = sys.argv[1:3]
    if source == "--tiny":
        description = tiny_tokenizer()
        write(Path(target) / "tiny_tokenizer.json", description)
        write(Path(target) / "tiny_reference.json",
              reference(Tokenizer.from_str(json.dumps(description))))
    else:
        write(target, reference(Tokenizer.from_file(source)))
