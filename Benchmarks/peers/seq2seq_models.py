"""Makes random checkpoints of well-known shapes for timing, and CTranslate2's versions of them.

    seq2seq_models.py FOLDER [NAME ...]

NAMEs are t5-small, t5-base, bart-base, bart-large and minilm; all of them by default. Each becomes
FOLDER/NAME, a Hugging Face folder with a vocabulary of made-up words, and for the first four
FOLDER/NAME-ct2-float32 and FOLDER/NAME-ct2-int8. Speed does not depend on what the weights say, and
random ones need no download. Needs `pip install torch transformers ctranslate2`.
"""

import shutil
import sys
from pathlib import Path

import ctranslate2
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import (BartConfig, BartForConditionalGeneration, BertConfig, BertModel,
                          PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration)


def t5(width, inner, layers, heads):
    return T5ForConditionalGeneration(T5Config(
        vocab_size=32128, d_model=width, d_kv=64, d_ff=inner, num_layers=layers, num_heads=heads,
        decoder_start_token_id=0))


def bart(width, layers, heads):
    return BartForConditionalGeneration(BartConfig(
        vocab_size=50265, d_model=width, encoder_layers=layers, decoder_layers=layers,
        encoder_ffn_dim=4 * width, decoder_ffn_dim=4 * width, encoder_attention_heads=heads,
        decoder_attention_heads=heads, max_position_embeddings=1024, forced_eos_token_id=None,
        # Not a setting of this class any more, but the converter asks for it.
        normalize_before=False))


MODELS = {
    "t5-small": lambda: t5(512, 2048, 6, 8),
    "t5-base": lambda: t5(768, 3072, 12, 12),
    "bart-base": lambda: bart(768, 6, 12),
    "bart-large": lambda: bart(1024, 12, 16),
    "minilm": lambda: BertModel(BertConfig(
        vocab_size=30522, hidden_size=384, num_hidden_layers=6, num_attention_heads=12,
        intermediate_size=1536, max_position_embeddings=512), add_pooling_layer=False),
}

# The special tokens of each family by number.
SPECIALS = {
    "t5": ["<pad>", "</s>", "<unk>"],
    "bart": ["<s>", "<pad>", "</s>", "<unk>"],
    "minilm": ["<pad>", "<unk>", "<s>", "</s>"],
}


def save_vocabulary(family, size, folder):
    words = SPECIALS[family] + [f"w{i}" for i in range(len(SPECIALS[family]), size)]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    names = dict(unk_token="<unk>", pad_token="<pad>", eos_token="</s>")
    if family != "t5":
        names["bos_token"] = "<s>"
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, **names).save_pretrained(folder)


def make(name, root):
    torch.manual_seed(1)
    model = MODELS[name]().eval()
    folder = root / name
    model.save_pretrained(folder)
    family = name.split("-")[0]
    save_vocabulary(family, model.config.vocab_size, folder)
    print(f"{name}: {sum(p.numel() for p in model.parameters()) / 1e6:.1f} million parameters", flush=True)
    if family == "minilm":
        return
    for kind in ("float32", "int8"):
        output = root / f"{name}-ct2-{kind}"
        shutil.rmtree(output, ignore_errors=True)
        converter = ctranslate2.converters.TransformersConverter(str(folder))
        converter.convert(str(output), quantization=None if kind == "float32" else kind)


def main(folder, *names):
    root = Path(folder)
    root.mkdir(parents=True, exist_ok=True)
    for name in names or MODELS:
        make(name, root)


if __name__ == "__main__":
    main(*sys.argv[1:])
