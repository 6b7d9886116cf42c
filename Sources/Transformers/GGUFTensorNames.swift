/// The names that llama.cpp gives to tensors, and Hugging Face's for the same.
enum GGUFTensorNames {
    private static let whole = [
        "token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head",
    ]

    private static let inLayer = [
        "attn_norm": "input_layernorm", "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj",
        "attn_v": "self_attn.v_proj", "attn_output": "self_attn.o_proj",
        "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj",
        "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj",
    ]

    /// Hugging Face's name; an unknown name stays as it is.
    ///
    /// `rope_freqs.weight`, which has no counterpart, keeps its name: the divisor of each rotary
    /// frequency.
    static func huggingFace(_ name: String) -> String {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.last, last == "weight" || last == "bias" else { return name }
        if parts.count == 2, let other = whole[parts[0]] { return "\(other).\(last)" }
        guard parts.count == 4, parts[0] == "blk", let layer = Int(parts[1]), "\(layer)" == parts[1],
            let other = inLayer[parts[2]]
        else { return name }
        return "model.layers.\(layer).\(other).\(last)"
    }
}
