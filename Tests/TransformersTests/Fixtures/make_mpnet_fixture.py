"""Writes sentence vectors that Hugging Face transformers computes with all-mpnet-base-v2.

    make_mpnet_fixture.py MODEL_DIRECTORY OUTPUT.json

Ten of the texts of make_minilm_fixture.py. Mean pooling over all tokens, length one, at most 384
tokens, single precision. Needs `pip install torch transformers`.
"""

import json
import sys
from pathlib import Path

import torch
from make_minilm_fixture import LONG, STRINGS
from transformers import AutoTokenizer, MPNetModel

TEXTS = [STRINGS[i] for i in (0, 2, 4, 5, 9, 11, 15, 16)] + [LONG[:600], LONG * 2]


def main(directory, output):
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = MPNetModel.from_pretrained(
        directory, dtype=torch.float32, attn_implementation="eager", add_pooling_layer=False).eval()
    cases = []
    for text in TEXTS:
        batch = tokenizer(text, truncation=True, max_length=384, padding=False, return_tensors="pt")
        with torch.no_grad():
            states = model(**batch).last_hidden_state[0]
        vector = torch.nn.functional.normalize(states.mean(0), dim=0)
        cases.append({"text": text, "ids": batch["input_ids"][0].tolist(),
                      "vector": [float(f"{x:.7f}") for x in vector.tolist()]})
    Path(output).write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
