"""Writes sentence vectors computed by Hugging Face transformers.

    make_minilm_fixture.py MODEL_DIRECTORY OUTPUT.json

Mean pooling over all tokens, length one, at most 256 tokens, single precision. Needs
`pip install torch transformers`.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer

LONG = " ".join(
    f"Sentence number {i} tells of a river, a bridge and the {w} beside it."
    for i, w in enumerate("mill market forest tower harbour library station garden".split() * 5)
)

STRINGS = [
    "",
    " ",
    "a",
    "search",
    "What is generative retrieval?",
    "A search engine that finds a passage by generating an identifier of it.",
    "The river froze early that year, and the mill stood still until March.",
    "How many legs does a spider have?",
    "Spiders have eight legs; insects have six.",
    "Der schnelle braune Fuchs springt über den faulen Hund.",
    "L'été, les élèves étudient près de la fenêtre ouverte.",
    "Столица России — Москва.",
    "生成式检索为每个段落分配一个标识符。",
    "検索エンジンは文章を探します。",
    "한국어 문장도 있습니다.",
    "👍🏽 😀 emoji only 🇩🇪",
    "E = mc², ∑ x_i ≤ 10⁻³",
    "def f(x): return x ** 2  # code",
    "https://example.org/path?query=1&other=2",
    "antidisestablishmentarianism " * 3,
    "x" * 300,
    "[CLS] special [SEP] tokens [MASK] in text",
    LONG[:600],
    LONG,
]


def main(directory, output):
    tokenizer = AutoTokenizer.from_pretrained(directory)
    model = AutoModel.from_pretrained(directory, dtype=torch.float32).eval()
    cases = []
    for text in STRINGS:
        batch = tokenizer(text, truncation=True, max_length=256, padding=False, return_tensors="pt")
        with torch.no_grad():
            states = model(**batch).last_hidden_state[0]
        vector = torch.nn.functional.normalize(states.mean(0), dim=0)
        cases.append({"text": text, "ids": batch["input_ids"][0].tolist(),
                      "vector": [float(f"{x:.7f}") for x in vector.tolist()]})
    Path(output).write_text(json.dumps(cases, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
