"""Makes a tiny random BERT checkpoint and the hidden states that transformers computes from it.

    make_tiny_bert.py TINY_TOKENIZER.json DIRECTORY

Hidden size 32, two layers, four heads. The tokenizer is that of the tests of the Text module.
Needs `pip install torch transformers safetensors`.
"""

import json
import shutil
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

LENGTHS = [1, 2, 3, 7, 16, 17, 40]


def main(tokenizer, directory):
    directory = Path(directory)
    directory.mkdir(parents=True, exist_ok=True)
    shutil.copy(tokenizer, directory / "tokenizer.json")
    torch.manual_seed(11)
    config = BertConfig(vocab_size=264, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                        intermediate_size=48, max_position_embeddings=40, type_vocab_size=2,
                        attn_implementation="eager")
    model = BertModel(config, add_pooling_layer=False).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # Wide enough for attention and normalisation to matter.
            parameter.add_(torch.randn_like(parameter) * (0.02 if "LayerNorm" in name else 0.3))
    names = ["model_type", "vocab_size", "hidden_size", "num_hidden_layers", "num_attention_heads",
             "intermediate_size", "max_position_embeddings", "type_vocab_size", "hidden_act",
             "layer_norm_eps"]
    description = {name: config.to_dict()[name] for name in names}
    (directory / "config.json").write_text(json.dumps(description, indent=1) + "\n")
    save_file({k: v.contiguous() for k, v in model.state_dict().items() if "position_ids" not in k},
              directory / "model.safetensors")
    cases = []
    for length in LENGTHS:
        ids = torch.randint(5, 264, (1, length))
        with torch.no_grad():
            states = model(input_ids=ids).last_hidden_state[0]
        cases.append({"ids": ids[0].tolist(),
                      "states": [float(f"{x:.6f}") for x in states.flatten().tolist()]})
    (directory / "states.json").write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
