"""Adds diverse beam search (Vijayakumar et al. 2016) to the references of the tiny models.

    make_diverse_beams.py DIRECTORY

Transformers dropped it in version 4.57, so these come from 4.53.3: ten inputs a model, six beams in
three groups, diversity penalty 0.7, in `reference.json` under "groups". An input is kept when the
scores differ by 1e-4 or more and when relative noise of 1e-6 in all weights leaves the beams as they
are.

Needs `pip install torch transformers==4.53.3`.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM

OPTIONS = dict(num_beams=6, num_beam_groups=3, num_return_sequences=6, diversity_penalty=0.7,
               max_new_tokens=12, length_penalty=1.0, early_stopping=False)


def beams(model, source):
    output = model.generate(torch.tensor([source]), do_sample=False, return_dict_in_generate=True,
                            output_scores=True, attention_mask=torch.ones(1, len(source), dtype=int),
                            pad_token_id=model.config.pad_token_id or 0, **OPTIONS)
    skip = 1 if model.config.is_encoder_decoder else len(source)
    eos = model.config.eos_token_id
    result = []
    for row, score in zip(output.sequences, output.sequences_scores.tolist()):
        tokens = row.tolist()[skip:]
        tokens = tokens[:tokens.index(eos) + 1] if eos in tokens else tokens
        result.append({"ids": tokens, "score": float(f"{score:.7g}")})
    return result


def is_firm(one, two):
    scores = sorted(beam["score"] for beam in one)
    return ([b["ids"] for b in one] == [b["ids"] for b in two]
            and all(b - a >= 1e-4 for a, b in zip(scores, scores[1:])))


def main(directory):
    torch.set_num_threads(1)
    for path in sorted(Path(directory).glob("tiny_*/reference.json")):
        reference = json.loads(path.read_text())
        if "cases" not in reference:
            continue
        kind = json.loads((path.parent / "config.json").read_text())["architectures"][0]
        auto = AutoModelForCausalLM if kind.endswith("CausalLM") else AutoModelForSeq2SeqLM
        model = auto.from_pretrained(path.parent, attn_implementation="eager").eval()
        noisy = auto.from_pretrained(path.parent, attn_implementation="eager").eval()
        generator = torch.Generator().manual_seed(1)
        noisy.load_state_dict({k: v * (1 + 1e-6 * torch.randn(v.shape, generator=generator))
                               for k, v in model.state_dict().items()})
        reference["groups"] = {"options": OPTIONS, "cases": []}
        for case in reference["cases"]:
            result = beams(model, case["source"])
            if is_firm(result, beams(noisy, case["source"])):
                reference["groups"]["cases"].append({"source": case["source"], "beams": result})
            if len(reference["groups"]["cases"]) == 10:
                break
        print(path.parent.name, len(reference["groups"]["cases"]), file=sys.stderr)
        path.write_text(json.dumps(reference, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
