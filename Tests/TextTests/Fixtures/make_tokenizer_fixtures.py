"""Trains small tokenizers of every family and writes what Hugging Face `tokenizers` makes of
10,000 lines of mixed scripts (mixed_lines.py).

    make_tokenizer_fixtures.py DIRECTORY [FAMILY…]

For each family NAME it writes NAME.tokenizer.json and NAME.reference.json: ids and offsets of the
first lines in full, and for every block of lines the FNV-1a hash of all ids and offsets (64 bits,
over little-endian 32-bit numbers: the id, the start and the end of each token). Offsets are UTF-8
bytes of the line. Training does not give the same tokenizer twice, so that the two files of a family belong together.
Needs `pip install tokenizers==0.22.2 sentencepiece==0.2.3`.
"""

import io
import json
import sys
from collections import Counter
from pathlib import Path

import sentencepiece
from tokenizers import AddedToken, Tokenizer, Regex, decoders, models, normalizers, pre_tokenizers, processors, trainers

from mixed_lines import line

LINES = 10_000
BLOCK = 100
IN_FULL = 60
TRAINING = [line(1_000_000 + i) for i in range(4_000)]

LLAMA3 = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
          r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
QWEN2 = LLAMA3.replace("{1,3}", "")


def special(*names, **options):
    return [AddedToken(n, special=True, normalized=False, **options) for n in names]


def train(tokenizer, trainer):
    tokenizer.train_from_iterator(TRAINING, trainer)
    return tokenizer


def byte_level(size, *specials):
    return trainers.BpeTrainer(
        vocab_size=size, special_tokens=specials[0] if specials else [], show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())


def gpt2():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    train(t, byte_level(900, special("<|endoftext|>")))
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    t.decoder = decoders.ByteLevel()
    return t


def bart():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=True)
    train(t, byte_level(900, special("<s>", "<pad>", "</s>", "<unk>") + special("<mask>", lstrip=True)))
    t.post_processor = processors.RobertaProcessing(
        ("</s>", t.token_to_id("</s>")), ("<s>", t.token_to_id("<s>")),
        trim_offsets=True, add_prefix_space=True)
    t.decoder = decoders.ByteLevel()
    return t


def qwen2():
    t = Tokenizer(models.BPE())
    t.normalizer = normalizers.NFC()
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(QWEN2), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    train(t, byte_level(900, special("<|endoftext|>")))
    t.add_tokens(["<extra>", AddedToken("query", single_word=True)])
    t.post_processor = processors.ByteLevel(trim_offsets=False)
    t.decoder = decoders.ByteLevel()
    return t


def llama3():
    t = Tokenizer(models.BPE(ignore_merges=True))
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LLAMA3), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    train(t, byte_level(900, special("<|endoftext|>", "<s>")))
    t.post_processor = processors.Sequence([
        processors.ByteLevel(trim_offsets=True),
        processors.TemplateProcessing(
            single="<s> $A", pair="<s> $A <s> $B", special_tokens=[("<s>", t.token_to_id("<s>"))])])
    t.decoder = decoders.ByteLevel()
    return t


def smollm():
    t = Tokenizer(models.BPE())
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    train(t, byte_level(700, special("<|endoftext|>")))
    t.decoder = decoders.ByteLevel()
    return t


def llama2():
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    train(t, trainers.BpeTrainer(
        vocab_size=1_100, special_tokens=names, limit_alphabet=300, show_progress=False))
    description = json.loads(t.to_str())
    description["added_tokens"] = description["added_tokens"][:3]
    description["pre_tokenizer"] = None
    description["normalizer"] = {"type": "Sequence", "normalizers": [
        {"type": "Prepend", "prepend": "▁"},
        {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]}
    description["decoder"] = {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
        {"type": "ByteFallback"}, {"type": "Fuse"},
        {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    t = Tokenizer.from_str(json.dumps(description))
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A", pair="<s> $A $B", special_tokens=[("<s>", 1)])
    return t


def metaspace_bpe():
    """No byte fallback, unknown characters by themselves, words by digits and punctuation."""
    t = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=False))
    t.normalizer = normalizers.Sequence([
        normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " "),
        normalizers.Strip()])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Metaspace(prepend_scheme="first"), pre_tokenizers.Punctuation("merged_with_previous"),
        pre_tokenizers.Digits()])
    train(t, trainers.BpeTrainer(
        vocab_size=900, special_tokens=special("<unk>", "<s>", "</s>"), limit_alphabet=250, show_progress=False))
    t.decoder = decoders.Metaspace(prepend_scheme="first")
    return t


def charsmap():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a b c d e f g"] * 10), model_writer=model, vocab_size=20,
        hard_vocab_limit=False, normalization_rule_name="nmt_nfkc", minloglevel=2)
    # ModelProto.normalizer_spec is field 3, NormalizerSpec.precompiled_charsmap field 2.
    return field(field(model.getvalue(), 3), 2)


def field(message, number):
    """The last length-delimited field of this number in a protocol buffer."""
    position, found = 0, None

    def varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = message[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while position < len(message):
        key = varint()
        if key & 7 == 2:
            length = varint()
            if key >> 3 == number:
                found = message[position:position + length]
            position += length
        elif key & 7 == 0:
            varint()
        else:
            position += 8 if key & 7 == 1 else 4
    return found


def unigram(tokenizer, size, **options):
    # The trainer wants a piece for every character; the rare ones are to be unknown.
    counts = Counter("".join(TRAINING))
    kept = {c for c, _ in counts.most_common(350)}
    # Spelt out, special tokens would become pieces beside themselves.
    texts = ["".join(c for c in text if c in kept) for text in TRAINING if "<" not in text]
    tokenizer.train_from_iterator(texts, trainers.UnigramTrainer(
        vocab_size=size, unk_token="<unk>", show_progress=False, **options))
    return tokenizer


def t5():
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Precompiled(charsmap())
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    unigram(t, 1_200, special_tokens=special("<pad>", "</s>", "<unk>"))
    t.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A </s> $B </s>", special_tokens=[("</s>", 1)])
    t.decoder = decoders.Metaspace()
    return t


def xlmr():
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()])
    unigram(t, 1_000, special_tokens=special("<s>", "<pad>", "</s>", "<unk>") + special("<mask>", lstrip=True))
    t.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    t.decoder = decoders.Metaspace()
    return t


def byte_unigram():
    """Unknown characters as bytes, no words at all, NFD without marks."""
    t = Tokenizer(models.Unigram())
    t.normalizer = normalizers.Sequence([normalizers.NFD(), normalizers.StripAccents()])
    names = ["<unk>"] + [f"<0x{b:02X}>" for b in range(256)]
    t.pre_tokenizer = pre_tokenizers.Metaspace()
    unigram(t, 900, special_tokens=names, initial_alphabet=[])
    description = json.loads(t.to_str())
    description["model"]["byte_fallback"] = True
    description["pre_tokenizer"]["split"] = False
    description["added_tokens"] = description["added_tokens"][:1]
    # Rare characters leave the vocabulary, so that there is something to fall back from.
    description["model"]["vocab"] = [
        [piece, score] for piece, score in description["model"]["vocab"]
        if len(piece) > 1 or ord(piece) < 0x80 or piece == "▁"]
    return Tokenizer.from_str(json.dumps(description))


def wordpiece():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer()
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    train(t, trainers.WordPieceTrainer(
        vocab_size=1_000, special_tokens=special("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"),
        limit_alphabet=300, show_progress=False))
    t.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    t.decoder = decoders.WordPiece()
    return t


def mpnet():
    t = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    t.normalizer = normalizers.BertNormalizer(strip_accents=False, lowercase=False)
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    train(t, trainers.WordPieceTrainer(
        vocab_size=1_000, special_tokens=special("<s>", "<pad>", "</s>", "[UNK]", "<mask>"),
        limit_alphabet=300, show_progress=False))
    t.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), trim_offsets=True, add_prefix_space=False)
    t.decoder = decoders.WordPiece()
    return t


def word_level():
    t = Tokenizer(models.WordLevel(unk_token="<unk>"))
    t.normalizer = normalizers.Sequence([normalizers.NFKD(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    train(t, trainers.WordLevelTrainer(
        vocab_size=500, special_tokens=special("<unk>", "<s>", "</s>"), show_progress=False))
    return t


def clip():
    """Words that are marked at their end."""
    t = Tokenizer(models.BPE(unk_token="<|endoftext|>", end_of_word_suffix="</w>"))
    t.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"), "removed", invert=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False)])
    train(t, trainers.BpeTrainer(
        vocab_size=900, special_tokens=special("<|startoftext|>", "<|endoftext|>"), end_of_word_suffix="</w>",
        show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    t.post_processor = processors.RobertaProcessing(("<|endoftext|>", 1), ("<|startoftext|>", 0), trim_offsets=False, add_prefix_space=False)
    t.decoder = decoders.ByteLevel()
    return t


def prefixed_bpe():
    """BPE whose continuations have a prefix, as word pieces do."""
    t = Tokenizer(models.BPE(unk_token="[UNK]", continuing_subword_prefix="##"))
    t.normalizer = normalizers.Sequence([normalizers.BertNormalizer(), normalizers.NFKC()])
    t.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    train(t, trainers.BpeTrainer(
        vocab_size=900, special_tokens=special("[UNK]", "[CLS]", "[SEP]"), continuing_subword_prefix="##",
        limit_alphabet=250, show_progress=False))
    t.post_processor = processors.BertProcessing(("[SEP]", 2), ("[CLS]", 1))
    t.decoder = decoders.WordPiece()
    return t


FAMILIES = [gpt2, bart, qwen2, llama3, smollm, llama2, metaspace_bpe, t5, xlmr, byte_unigram,
            wordpiece, mpnet, word_level, clip, prefixed_bpe]


def fnv1a(data, value=0xCBF29CE484222325):
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return value


def byte_offsets(text, encoding):
    at = [0]
    for character in text:
        at.append(at[-1] + len(character.encode()))
    return [(at[a], at[b]) for a, b in encoding.offsets]


def reference(tokenizer):
    hashes, ids, offsets, decoded = [], [], [], []
    for first in range(0, LINES, BLOCK):
        data = bytearray()
        for number in range(first, first + BLOCK):
            text = line(number)
            encoding = tokenizer.encode(text)
            spans = byte_offsets(text, encoding)
            for token, (start, end) in zip(encoding.ids, spans):
                for value in (token, start, end):
                    data += value.to_bytes(4, "little")
            if number < IN_FULL:
                ids.append(encoding.ids)
                offsets.append([x for span in spans for x in span])
                decoded.append(tokenizer.decode(encoding.ids))
        hashes.append(f"{fnv1a(data):016x}")
    return {"lines": LINES, "block": BLOCK, "hashes": hashes, "ids": ids, "offsets": offsets, "decoded": decoded}


def write(path, value):
    Path(path).write_text(json.dumps(value, ensure_ascii=True, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    directory = Path(sys.argv[1])
    chosen = sys.argv[2:]
    for family in FAMILIES:
        if chosen and family.__name__ not in chosen:
            continue
        tokenizer = family()
        write(directory / f"{family.__name__}.tokenizer.json", json.loads(tokenizer.to_str()))
        # Read back, so that what is measured is what the file says.
        tokenizer = Tokenizer.from_file(str(directory / f"{family.__name__}.tokenizer.json"))
        write(directory / f"{family.__name__}.reference.json", reference(tokenizer))
        print(family.__name__, flush=True)
