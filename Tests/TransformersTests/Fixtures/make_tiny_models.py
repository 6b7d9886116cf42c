"""Makes tiny random checkpoints and what Hugging Face transformers 4.57.6 computes from them.

    make_tiny_models.py DIRECTORY [NAME ...]

Single precision, eager attention, one text at a time without padding. Every folder holds the files
that `save_pretrained` writes and a `reference.json`:

  states       encoders, and the encoders of sequence-to-sequence models: the last hidden states
  forced       token sequences with the logarithm of each target's probability; for the first few
               the whole distribution of every step
  cases        greedy output and the best five of five beams
  options      the same beams with other options, named as in transformers
  constrained  beams under prefix_allowed_tokens_fn, which allows the sequences of a trie
  groups       diverse beam search, which this version no longer has: see make_diverse_beams.py

Outputs are new tokens: without the decoder's start token or the prompt, with the end token where
there is one. An input is kept only when adjacent scores of its beams differ by 1e-4 or more and
when its outputs stay the same in double precision and under relative noise of 1e-6 in all weights,
so that rounding cannot change an order. Needs `pip install torch transformers==4.57.6`.
"""

import json
import sys
from pathlib import Path

import torch
from transformers import (BartConfig, BartForConditionalGeneration, LlamaConfig, LlamaForCausalLM,
                          MPNetConfig, MPNetModel, Qwen2Config, Qwen2ForCausalLM, T5Config,
                          T5ForConditionalGeneration, XLMRobertaConfig, XLMRobertaModel)

NEW_TOKENS = 12
BEAMS = dict(num_beams=5, num_return_sequences=5, max_new_tokens=NEW_TOKENS, length_penalty=1.0,
             early_stopping=False)
SOURCE_LENGTHS = [1, 2, 3, 5, 8, 13, 21, 40]


def t5(**changes):
    settings = dict(vocab_size=200, d_model=32, num_layers=2, num_decoder_layers=2, d_ff=48,
                    relative_attention_num_buckets=8, relative_attention_max_distance=20,
                    pad_token_id=0, eos_token_id=1, decoder_start_token_id=0)
    return T5ForConditionalGeneration(T5Config(**settings | changes))


def bart(**changes):
    settings = dict(vocab_size=200, d_model=32, encoder_layers=2, decoder_layers=2,
                    encoder_attention_heads=4, decoder_attention_heads=4, encoder_ffn_dim=48,
                    decoder_ffn_dim=48, max_position_embeddings=48, bos_token_id=0, pad_token_id=1,
                    eos_token_id=2, decoder_start_token_id=2, forced_eos_token_id=None)
    return BartForConditionalGeneration(BartConfig(**settings | changes))


def decoder(configuration, model, **changes):
    settings = dict(vocab_size=220, hidden_size=32, intermediate_size=48, num_hidden_layers=2,
                    num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=64,
                    rms_norm_eps=1e-5, rope_theta=100.0, bos_token_id=1, eos_token_id=2)
    return model(configuration(**settings | changes))


def encoder(configuration, model, **changes):
    settings = dict(vocab_size=200, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                    intermediate_size=48, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0,
                    eos_token_id=2)
    return model(configuration(**settings | changes), add_pooling_layer=False)


MODELS = {
    "tiny_t5": (21, lambda: t5(num_heads=4, d_kv=8)),
    "tiny_t5_gated": (22, lambda: t5(num_heads=3, d_kv=16, feed_forward_proj="gated-gelu",
                                     tie_word_embeddings=False)),
    "tiny_bart": (23, lambda: bart(scale_embedding=False)),
    "tiny_bart_scaled": (24, lambda: bart(scale_embedding=True)),
    "tiny_mpnet": (25, lambda: encoder(MPNetConfig, MPNetModel, max_position_embeddings=144)),
    "tiny_xlmr": (26, lambda: encoder(XLMRobertaConfig, XLMRobertaModel, type_vocab_size=1,
                                      max_position_embeddings=44)),
    "tiny_llama": (27, lambda: decoder(LlamaConfig, LlamaForCausalLM, tie_word_embeddings=True)),
    "tiny_llama_untied": (28, lambda: decoder(
        LlamaConfig, LlamaForCausalLM, tie_word_embeddings=False, head_dim=16,
        max_position_embeddings=512, rope_scaling={
            "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 64})),
    "tiny_qwen2": (29, lambda: decoder(Qwen2Config, Qwen2ForCausalLM, tie_word_embeddings=True,
                                       rms_norm_eps=1e-6)),
}

def randomise(model, generator):
    """Weights so wide that attention, norms, biases and positions all matter."""
    tied = model.config.tie_word_embeddings
    seq2seq = model.config.is_encoder_decoder
    t5_like = model.config.model_type == "t5"
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "relative_attention_bias" in name:
            value = 1.5 * noise
        elif parameter.dim() == 1 and name.endswith("weight"):
            value = 1 + 0.3 * noise
        elif parameter.dim() == 1:
            value = 0.3 * noise
        elif "embed_positions" in name:
            value = noise * 0.4
        elif "embed" in name or "shared" in name:
            value = noise * (1.8 if t5_like and tied else 1 if not tied else 0.8 if seq2seq else 0.4)
        elif "lm_head" in name:
            value = 0.5 * noise
        elif name.endswith(("o.weight", "o_proj.weight", "out_proj.weight")):
            crossed = "EncDec" in name or "encoder_attn" in name
            width = (2.5 if t5_like else 1) if crossed else 1.5 if "out_proj" in name else 4
            value = noise * width / parameter.shape[1] ** 0.5
        elif name.endswith(("wo.weight", "down_proj.weight", "fc2.weight")):
            # Larger than the embeddings that they are added to: otherwise tied models repeat
            # their input.
            value = noise * 8 / parameter.shape[1] ** 0.5
        elif name.endswith((".q.weight", "q_proj.weight")):
            # Sharp attention; T5 does not divide by the square root of the head's size.
            head = model.config.d_kv if t5_like else 1
            value = noise * (3 if seq2seq else 1.5) / (parameter.shape[1] * head) ** 0.5
        else:
            value = noise * 1.5 / parameter.shape[1] ** 0.5
        parameter.data.copy_(value)
    if hasattr(model, "final_logits_bias"):
        model.final_logits_bias.copy_(0.5 * torch.randn(model.final_logits_bias.shape,
                                                        generator=generator))


def rounded(tensor):
    return [float(f"{x:.7g}") for x in tensor.flatten().tolist()]


class Reference:
    def __init__(self, model, seed):
        self.generator = torch.Generator().manual_seed(seed)
        self.model = model
        self.config = model.config
        self.is_seq2seq = model.config.is_encoder_decoder
        self.variants = []

    def ids(self, length):
        return torch.randint(5, self.config.vocab_size, (1, length),
                             generator=self.generator).tolist()[0]

    def between(self, low, high):
        return int(torch.randint(low, high + 1, (1,), generator=self.generator))

    def start(self):
        return [self.config.decoder_start_token_id] if self.is_seq2seq else []

    # States and probabilities

    def states(self, lengths):
        encode = self.model.get_encoder() if self.is_seq2seq else self.model
        cases = []
        for length in lengths:
            ids = self.ids(length)
            states = encode(input_ids=torch.tensor([ids])).last_hidden_state[0]
            cases.append({"ids": ids, "states": [float(f"{x:.6f}") for x in states.flatten().tolist()]})
        return cases

    def log_probabilities(self, source, target):
        """[targets × vocabulary]; a decoder without an encoder predicts target after source."""
        if self.is_seq2seq:
            logits = self.model(input_ids=torch.tensor([source]),
                                decoder_input_ids=torch.tensor([self.start() + target[:-1]])).logits
        else:
            logits = self.model(input_ids=torch.tensor([source + target[:-1]])).logits
            logits = logits[:, len(source) - 1:]
        return logits[0].log_softmax(-1)

    def forced(self):
        shapes = [(1, 3), (5, 2), (9, 4), (17, 3), (40, 3), (3, 12), (2, 24), (12, 1), (8, 8),
                  (24, 6), (33, 5), (6, 16)]
        if not self.is_seq2seq:
            # All tokens but the first are targets.
            shapes = [(1, a + b - 1) if i >= 3 else (a, b) for i, (a, b) in enumerate(shapes)]
        cases = []
        for index, (before, after) in enumerate(shapes):
            source, target = self.ids(before), self.ids(after)
            if index % 3 == 0:
                target[-1] = self.config.eos_token_id
            steps = self.log_probabilities(source, target)
            case = {"source": source, "target": target,
                    "logprobs": rounded(steps.gather(1, torch.tensor(target)[:, None]))}
            if index < 4:
                case["distributions"] = rounded(steps)
            cases.append(case)
        return cases

    # Generation

    def common_direction(self):
        """The direction of the mean of the states that the output layer reads."""
        inputs = []
        hook = self.model.get_output_embeddings().register_forward_hook(
            lambda m, i, o: inputs.append(i[0][0]))
        for _ in range(40):
            self.log_probabilities(self.ids(9), self.ids(8))
        hook.remove()
        mean = torch.cat([x[3:] for x in inputs]).mean(0)
        return mean / mean.norm()

    def remove_favourites(self):
        """Takes the common direction out of the embeddings, or a few tokens are said always."""
        weight = self.model.get_output_embeddings().weight.data
        for _ in range(3):
            direction = self.common_direction()
            weight -= (weight @ direction)[:, None] * direction

    def favour_the_end(self):
        """Moves the end token's logit until about half of the greedy outputs reach it."""
        eos = self.config.eos_token_id
        if not hasattr(self.model, "final_logits_bias"):
            head = self.model.get_output_embeddings()
            direction = self.common_direction()
            base = head.weight.data[eos].clone()
        else:
            base = self.model.final_logits_bias[0, eos].clone()
        sources = [self.ids(self.between(1, 24)) for _ in range(40)]
        for step in range(80):
            if hasattr(self.model, "final_logits_bias"):
                self.model.final_logits_bias[0, eos] = base + 0.25 * step
            else:
                head.weight.data[eos] = base + 0.05 * step * base.norm() * direction
            ends = sum(self.greedy(source)[-1] == eos for source in sources)
            if ends >= 16:
                return
        raise RuntimeError("no output ends")

    def new_tokens(self, row, prompt):
        tokens = row.tolist()[len(prompt):]
        eos = self.config.eos_token_id
        return tokens[:tokens.index(eos) + 1] if eos in tokens else tokens

    def generate(self, model, source, **options):
        return model.generate(torch.tensor([source]), do_sample=False, return_dict_in_generate=True,
                              output_scores=True, attention_mask=torch.ones(1, len(source), dtype=int),
                              pad_token_id=self.config.pad_token_id or 0, **options)

    def greedy(self, source, model=None):
        output = self.generate(model or self.model, source, max_new_tokens=NEW_TOKENS)
        return self.new_tokens(output.sequences[0], self.start() or source)

    def beams(self, source, model=None, **options):
        output = self.generate(model or self.model, source, **BEAMS | options)
        prompt = self.start() or source
        # Beams that a constraint leaves no way carry an impossibly low score.
        return [{"ids": self.new_tokens(row, prompt), "score": float(f"{score:.7g}")}
                for row, score in zip(output.sequences, output.sequences_scores.tolist())
                if score > -1e6]

    def prepare_variants(self):
        double = type(self.model)(self.config).double().eval()
        double.load_state_dict(self.model.state_dict())
        noisy = type(self.model)(self.config).eval()
        noisy.load_state_dict({k: v * (1 + 1e-6 * torch.randn(v.shape, generator=self.generator))
                               for k, v in self.model.state_dict().items()})
        for variant in (double, noisy):
            variant.config._attn_implementation = "eager"
            variant.generation_config = self.model.generation_config
        self.variants = [double, noisy]

    def is_firm(self, source, result, **options):
        scores = [beam["score"] for beam in result]
        if any(a - b < 1e-4 for a, b in zip(scores, scores[1:])):
            return False
        return all([b["ids"] for b in self.beams(source, variant, **options)]
                   == [b["ids"] for b in result] for variant in self.variants)

    def cases(self, count):
        cases = []
        while len(cases) < count:
            source = self.ids(self.between(1, 24))
            greedy = self.greedy(source)
            if any(self.greedy(source, variant) != greedy for variant in self.variants):
                continue
            beams = self.beams(source)
            if self.is_firm(source, beams):
                cases.append({"source": source, "greedy": greedy, "beams": beams})
        return cases

    def options(self):
        sets = [dict(length_penalty=2.0), dict(early_stopping=True), dict(length_penalty=0.0),
                dict(length_penalty=-1.0), dict(early_stopping=True, length_penalty=2.0),
                dict(early_stopping="never", length_penalty=2.0),
                dict(min_new_tokens=6), dict(num_beams=8, num_return_sequences=3),
                dict(forced_eos_token_id=self.config.eos_token_id)]
        if self.is_seq2seq:
            sets.append(dict(forced_bos_token_id=7, forced_eos_token_id=self.config.eos_token_id))
        cases = []
        for options in sets:
            found = 0
            while found < 4:
                source = self.ids(self.between(1, 24))
                beams = self.beams(source, **options)
                if self.is_firm(source, beams, **options):
                    cases.append({"options": options, "source": source, "beams": beams})
                    found += 1
        return cases

    def constrained(self, count):
        eos = self.config.eos_token_id
        stems = [self.ids(2) for _ in range(6)]
        paths = []
        for index in range(40):
            path = stems[index % 6][:self.between(0, 2)] + self.ids(self.between(1, 4))
            if not any(path[:len(p)] == p or p[:len(path)] == path for p in paths):
                paths.append(path)
        following = {}
        for path in paths:
            for length in range(len(path)):
                following.setdefault(tuple(path[:length]), set()).add(path[length])
            following[tuple(path)] = {eos}
        cases = []
        while len(cases) < count:
            source = self.ids(self.between(1, 24))
            skip = len(self.start() or source)

            def allowed(_, prefix):
                return sorted(following.get(tuple(prefix.tolist()[skip:]), {eos}))

            beams = self.beams(source, prefix_allowed_tokens_fn=allowed)
            if self.is_firm(source, beams, prefix_allowed_tokens_fn=allowed):
                cases.append({"source": source, "beams": beams})
        return {"paths": paths, "cases": cases}


def write(name, folder):
    seed, make = MODELS[name]
    torch.manual_seed(seed)
    model = make().eval()
    model.config._attn_implementation = "eager"
    randomise(model, torch.Generator().manual_seed(seed))
    model.tie_weights()
    reference = Reference(model, seed)
    if name in ("tiny_mpnet", "tiny_xlmr"):
        result = {"states": reference.states([1, 2, 3, 7, 16, 17, 40]
                                             + ([140] if name == "tiny_mpnet" else []))}
    else:
        reference.remove_favourites()
        reference.favour_the_end()
        reference.prepare_variants()
        result = {"forced": reference.forced(), "cases": reference.cases(50),
                  "options": reference.options(), "constrained": reference.constrained(10)}
        if reference.is_seq2seq:
            result["states"] = reference.states([1, 4, 23])
        outputs = [case["greedy"] for case in result["cases"]]
        ends = sum(output[-1] == model.config.eos_token_id for output in outputs)
        variety = sum(len(set(o)) for o in outputs) / sum(map(len, outputs))
        print(f"{name}: {ends} of {len(outputs)} greedy outputs end, {variety:.0%} of their tokens "
              f"differ, {len({str(o) for o in outputs})} outputs differ", file=sys.stderr)
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    (folder / "reference.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


def main(directory, *names):
    with torch.no_grad():
        for name in names or MODELS:
            write(name, Path(directory) / name)


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(*sys.argv[1:])
