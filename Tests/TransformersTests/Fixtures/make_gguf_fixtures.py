"""Makes the GGUF files of the tests.

    make_gguf_fixtures.py FIXTURES_DIRECTORY

  gguf_blocks.json   blocks of every quantised type in hexadecimal, and the floats that the gguf
                     package makes of them; scales are ordinary numbers, all other bits random
  tiny_llama.gguf    the checkpoint tiny_llama as llama.cpp's converter lays it out, in F32, F16,
                     BF16 and Q8_0, with a byte-level vocabulary
  tiny_qwen2.gguf    tiny_qwen2 in F32

Needs `pip install gguf safetensors numpy`, and the tiny checkpoints in the directory.
"""

import json
import sys
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter
from gguf.quants import dequantize, quantize
from safetensors.numpy import load_file

# Bytes of a block, and where its half-precision scales are.
BLOCKS = {Type.Q4_0: (18, [0]), Type.Q4_1: (20, [0, 2]), Type.Q5_0: (22, [0]),
          Type.Q5_1: (24, [0, 2]), Type.Q8_0: (34, [0]), Type.Q4_K: (144, [0, 2]),
          Type.Q5_K: (176, [0, 2]), Type.Q6_K: (210, [208])}


def blocks(generator):
    cases = []
    for kind, (size, scales) in BLOCKS.items():
        rows = generator.integers(0, 256, (4, size), dtype=np.uint8)
        for place in scales:
            halves = (generator.normal(size=4) * 0.1).astype("<f2")
            rows[:, place:place + 2] = halves.view(np.uint8).reshape(4, 2)
        values = dequantize(rows, kind)
        cases.append({"type": int(kind), "name": kind.name, "bytes": rows.tobytes().hex(),
                      "values": [float(f"{x:.8g}") for x in values.flatten().tolist()]})
    return cases


def interleaved(weight, heads):
    """The order that llama.cpp's converter gives to the rows of queries and keys."""
    half = weight.shape[0] // heads // 2
    return weight.reshape(heads, 2, half, -1).swapaxes(1, 2).reshape(weight.shape)


def byte_letters():
    """The letter that byte-level vocabularies use for each byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b) if b in plain else chr(next(others)) for b in range(256)]


NAMES = {"self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
         "self_attn.o_proj": "attn_output", "input_layernorm": "attn_norm",
         "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
         "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}


def renamed(name):
    name = name.removeprefix("model.")
    for old, new in {"embed_tokens.": "token_embd.", "norm.": "output_norm.", "lm_head.": "output."}.items():
        if name.startswith(old):
            return new + name.removeprefix(old)
    name = name.replace("layers.", "blk.")
    for old, new in NAMES.items():
        name = name.replace(old, new)
    return name


def checkpoint(folder, output, kinds):
    config = json.loads((folder / "config.json").read_text())
    architecture = config["model_type"]
    writer = GGUFWriter(output, architecture)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    letters = byte_letters()
    tokens = ["<unk>", "<s>", "</s>"] + sorted(letters[b] for b in b"abcdefghijklmnopqrstuvwxyz 0123456789,.?!'\n")
    merges = ["t h", "th e", "Ġ the", "i n", "a n", "an d", "Ġ and", "e r", "1 2"]
    tokens += [merge.replace(" ", "") for merge in merges]
    tokens += [f"<unused{i}>" for i in range(config["vocab_size"] - len(tokens))]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm" if architecture == "llama" else "qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([2, 3, 3] + [5 if t.startswith("<unused") else 1 for t in tokens[3:]])
    writer.add_token_merges(merges)
    writer.add_bos_token_id(config["bos_token_id"])
    writer.add_eos_token_id(config["eos_token_id"])
    writer.add_add_bos_token(architecture == "llama")
    writer.add_chat_template("{{ messages }}")
    for index, (name, weight) in enumerate(sorted(load_file(folder / "model.safetensors").items())):
        for part, heads in (("q_proj", "num_attention_heads"), ("k_proj", "num_key_value_heads")):
            if architecture == "llama" and part in name:
                weight = interleaved(weight, config[heads])
        kind = kinds[index % len(kinds)] if weight.ndim == 2 and weight.shape[1] % 32 == 0 else Type.F32
        data = weight.astype(np.float32) if kind == Type.F32 else quantize(weight.astype(np.float32), kind)
        writer.add_tensor(renamed(name), data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main(directory):
    directory = Path(directory)
    (directory / "gguf_blocks.json").write_text(
        json.dumps(blocks(np.random.default_rng(5)), separators=(",", ":")) + "\n")
    checkpoint(directory / "tiny_llama", directory / "tiny_llama.gguf",
               [Type.F32, Type.F16, Type.BF16, Type.Q8_0])
    checkpoint(directory / "tiny_qwen2", directory / "tiny_qwen2.gguf", [Type.F32])


if __name__ == "__main__":
    main(*sys.argv[1:])
