"""Writes what transformers generates with SmolLM2-135M-Instruct in a GGUF file.

    make_smollm2_fixture.py MODEL.gguf OUTPUT.json

Single precision, eager attention. The prompts are the ChatML template with the model's own system
message; the tokenizer is built here from the file's vocabulary, so that it does not depend on how
transformers translates it. "weights" has a few of the tensors that transformers makes of the file.
Needs `pip install torch transformers accelerate gguf tokenizers`.
"""

import json
import sys
from pathlib import Path

import torch
from gguf import GGUFReader
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import AutoModelForCausalLM

SYSTEM = "You are a helpful AI assistant named SmolLM, trained by Hugging Face"
QUESTIONS = [
    "What is the capital of France?",
    "How many legs does a spider have?",
    "Write the numbers from 1 to 12, then say what 2024 minus 7 is.",
]
CONTROL = 3
TENSORS = ["model.embed_tokens.weight", "model.layers.0.self_attn.q_proj.weight",
           "model.layers.17.self_attn.k_proj.weight", "model.layers.29.mlp.down_proj.weight",
           "model.norm.weight"]


def tokenizer(reader):
    def field(name):
        return reader.fields["tokenizer.ggml." + name].contents()

    tokens = field("tokens")
    vocabulary = {token: id for id, token in enumerate(tokens)}
    merges = [tuple(merge.split(" ")) for merge in field("merges")]
    result = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(token, normalized=False, special=True)
                               for token, kind in zip(tokens, field("token_type")) if kind == CONTROL])
    return result


def main(path, output):
    path = Path(path)
    words = tokenizer(GGUFReader(path))
    model = AutoModelForCausalLM.from_pretrained(
        path.parent, gguf_file=path.name, dtype=torch.float32, attn_implementation="eager").eval()
    state = model.state_dict()
    weights = [{"name": name, "shape": list(state[name].shape),
                "first": [float(f"{x:.7g}") for x in state[name].flatten()[:8].tolist()],
                "row": [float(f"{x:.7g}") for x in state[name].reshape(-1, state[name].shape[-1])[-2:].flatten()[:8].tolist()],
                "magnitude": float(f"{state[name].double().abs().sum().item():.8g}")}
               for name in TENSORS]
    cases = []
    for question in QUESTIONS:
        prompt = (f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n{question}<|im_end|>\n"
                  "<|im_start|>assistant\n")
        ids = words.encode(prompt).ids
        batch = torch.tensor([ids])
        with torch.no_grad():
            logits = model(input_ids=batch).logits[0, -1]
            generated = model.generate(
                batch, attention_mask=torch.ones_like(batch), do_sample=False, max_new_tokens=40,
                eos_token_id=words.token_to_id("<|im_end|>"), pad_token_id=0,
                return_dict_in_generate=True, output_logits=True)
        new = generated.sequences[0, len(ids):].tolist()
        # Where the best two lie so close that rounding may decide, the rest says nothing.
        gaps = [float(v[0] - v[1]) for v in (step[0].topk(2).values for step in generated.logits)]
        best = logits.topk(5)
        cases.append({
            "question": question, "prompt": prompt, "ids": ids, "generated": new,
            "smallest_gap": round(min(gaps), 4), "text": words.decode(new, skip_special_tokens=True),
            "top_ids": best.indices.tolist(),
            "top_logits": [float(f"{x:.7g}") for x in best.values.tolist()],
        })
        print(question, "->", cases[-1]["text"], min(gaps), file=sys.stderr)
    Path(output).write_text(json.dumps({"cases": cases, "weights": weights}, ensure_ascii=False, indent=1) + "\n")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(*sys.argv[1:])
