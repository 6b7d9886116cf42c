import Foundation
import Memory
import Storage

/// Writes a packed encoder as a folder that is read like any other: Hugging Face's names, weights in single precision.
///
/// The weights are those of the file exactly. A folder is larger than the file, but it is mapped and not unpacked when it is
/// opened, and everything that reads encoders reads it.
package struct PackedEncoderFolder {
    let file: PackedEncoderFile
    /// What stands before texts for this model, by what they are: "query" and "passage".
    let prompts: [(role: String, prompt: String)]

    package init(file: PackedEncoderFile, prompts: [(role: String, prompt: String)]) {
        (self.file, self.prompts) = (file, prompts)
    }

    /// - Throws: ``ModelError`` when a tensor is missing, or the folder cannot be written.
    package func write(to folder: URL) throws(ModelError) {
        try write(configuration, "config.json", in: folder)
        try write(PackedEncoderTokenizer(file.vocabulary).json, "tokenizer.json", in: folder)
        let modes = JSONValue.object([
            .init("word_embedding_dimension", .number(Double(file.sizes.width))),
            .init("pooling_mode_mean_tokens", .bool(true)),
        ])
        try write(modes, "1_Pooling/config.json", in: folder)
        let texts = prompts.map { JSONValue.Member($0.role, .string($0.prompt)) }
        try write(.object([.init("prompts", .object(texts))]), "config_sentence_transformers.json", in: folder)
        try weights().write(to: folder.appendingPathComponent("model.safetensors"))
    }

    private func write(_ json: JSONValue, _ name: String, in folder: URL) throws(ModelError) {
        let url = folder.appendingPathComponent(name)
        try ModelCache.makeFolder(url.deletingLastPathComponent())
        try ModelCache.attempt(url) { try Data(json.bytes()).write(to: url) }
    }

    private var configuration: JSONValue {
        let sizes = file.sizes
        func whole(_ value: Int) -> JSONValue { .number(Double(value)) }
        return .object([
            .init("architectures", .array([.string("BertModel")])), .init("model_type", .string("bert")),
            .init("hidden_act", .string("gelu")), .init("hidden_size", whole(sizes.width)),
            .init("intermediate_size", whole(sizes.feedForwardWidth)),
            // By way of the shortest decimal: 1e-12 in single precision is meant to be 1e-12.
            .init("layer_norm_eps", .number(Double("\(sizes.epsilon)") ?? Double(sizes.epsilon))),
            .init("max_position_embeddings", whole(sizes.positions)),
            .init("num_attention_heads", whole(sizes.heads)), .init("num_hidden_layers", whole(sizes.layers)),
            .init("pad_token_id", whole(file.vocabulary.padding)),
            .init("position_embedding_type", .string("absolute")),
            .init("type_vocab_size", whole(sizes.segments)), .init("vocab_size", whole(sizes.vocabulary)),
        ])
    }

    /// The tensors of the file, each with the name that BERT's have and its shape.
    private func weights() throws(ModelError) -> SafetensorsWriter {
        let sizes = file.sizes
        let (d, f) = (sizes.width, sizes.feedForwardWidth)
        var writer = SafetensorsWriter()
        func add(_ short: String, _ name: String, _ shape: [Int]) throws(ModelError) {
            writer.add(name, shape: shape, try file.floats(short, count: shape.reduce(1, *)))
        }
        try add("emb.word", "embeddings.word_embeddings.weight", [sizes.vocabulary, d])
        try add("emb.pos", "embeddings.position_embeddings.weight", [sizes.positions, d])
        try add("emb.type", "embeddings.token_type_embeddings.weight", [sizes.segments, d])
        try add("emb.ln.w", "embeddings.LayerNorm.weight", [d])
        try add("emb.ln.b", "embeddings.LayerNorm.bias", [d])
        for layer in 0..<sizes.layers {
            let linear = [
                ("q", "attention.self.query", d, d), ("k", "attention.self.key", d, d),
                ("v", "attention.self.value", d, d), ("ao", "attention.output.dense", d, d),
                ("fi", "intermediate.dense", f, d), ("fo", "output.dense", d, f),
            ]
            let prefix = "encoder.layer.\(layer)."
            for (short, name, outer, inner) in linear {
                try add("l\(layer).\(short).w", prefix + name + ".weight", [outer, inner])
                try add("l\(layer).\(short).b", prefix + name + ".bias", [outer])
            }
            for (short, name) in [("aln", "attention.output.LayerNorm"), ("oln", "output.LayerNorm")] {
                try add("l\(layer).\(short).w", prefix + name + ".weight", [d])
                try add("l\(layer).\(short).b", prefix + name + ".bias", [d])
            }
        }
        return writer
    }
}
