import Foundation
import Storage
import Tensors
import Transformers

/// BERT (Devlin et al. 2019) and its descendants with the same tensors, such as MiniLM, in the form
/// that is trained: texts to token states, or to one vector of length one each.
package final class EncoderNetwork {
    package let width: Int
    package let layerCount: Int
    package let headCount: Int
    /// The most tokens of a text.
    package let maximumLength: Int
    package let vocabularySize: Int
    private let epsilon: Float
    /// All tensors that are used, by the names in the file.
    package let parameters = ParameterStore()
    /// The probability with which embeddings and the sublayers' outputs are dropped.
    package var dropout: Float = 0
    private let prefix: String

    /// The encoder of a Hugging Face folder with one safetensors file.
    ///
    /// - Parameter isFrozen: which tensors stay as they are; a norm's two must agree.
    /// - Throws: ``ModelError`` when a file is missing or a tensor is not as the configuration says,
    ///   ``LearningError`` when the configuration is not BERT's.
    package init(
        contentsOf folder: URL, isFrozen: (_ name: String) -> Bool = { _ in false }
    ) throws {
        let json = try Checkpoint(contentsOf: folder).configuration
        let path = folder.appending(path: "config.json").path
        func size(_ name: String) throws(LearningError) -> Int {
            guard let value = json[name]?.int, (1...1 << 24).contains(value) else {
                throw .malformed(path: path, reason: "\(name) must be a positive number")
            }
            return value
        }
        guard json["model_type"]?.string == "bert", json["hidden_act"]?.string ?? "gelu" == "gelu" else {
            throw LearningError.malformed(path: path, reason: "only BERT with gelu can be trained")
        }
        width = try size("hidden_size")
        layerCount = try size("num_hidden_layers")
        headCount = try size("num_attention_heads")
        maximumLength = try size("max_position_embeddings")
        vocabularySize = try size("vocab_size")
        epsilon = Float(json["layer_norm_eps"]?.number ?? 1e-12)
        guard width % headCount == 0 else {
            throw LearningError.malformed(path: path, reason: "num_attention_heads does not divide hidden_size")
        }
        let tensors = try Safetensors(contentsOf: folder.appending(path: "model.safetensors"))
        prefix = tensors.entry("bert.embeddings.LayerNorm.weight") == nil ? "" : "bert."
        let (d, f, kinds) = (width, try size("intermediate_size"), json["type_vocab_size"]?.int ?? 2)
        func load(_ name: String, _ shape: [Int]) throws {
            try parameters.load(prefix + name, shape: shape, from: tensors, isFrozen: isFrozen(prefix + name))
        }
        func linear(_ name: String, _ out: Int, _ from: Int) throws {
            try load(name + ".weight", [out, from])
            try load(name + ".bias", [out])
        }
        func norm(_ name: String) throws {
            try load(name + ".weight", [d])
            try load(name + ".bias", [d])
        }
        try load("embeddings.word_embeddings.weight", [vocabularySize, d])
        try load("embeddings.position_embeddings.weight", [maximumLength, d])
        try load("embeddings.token_type_embeddings.weight", [kinds, d])
        try norm("embeddings.LayerNorm")
        for index in 0..<layerCount {
            let name = "encoder.layer.\(index)."
            for part in ["query", "key", "value"] { try linear(name + "attention.self." + part, d, d) }
            try linear(name + "attention.output.dense", d, d)
            try norm(name + "attention.output.LayerNorm")
            try linear(name + "intermediate.dense", f, d)
            try linear(name + "output.dense", d, f)
            try norm(name + "output.LayerNorm")
        }
    }

    /// The vectors of texts, which are token ids with their special tokens: the mean of a text's
    /// states, of length one, [texts × d].
    ///
    /// - Parameter seed: of the dropout.
    package func vectors(_ texts: [[Int32]], on tape: Tape, seed: UInt64 = 0) -> Variable {
        let states = states(texts, on: tape, seed: seed)
        return tape.normalizeRows(tape.meanRows(states, Sequences(lengths: texts.map(\.count))))
    }

    /// The states of all tokens, text after text, [tokens × d].
    package func states(_ texts: [[Int32]], on tape: Tape, seed: UInt64 = 0) -> Variable {
        precondition(texts.allSatisfy { $0.count <= maximumLength }, "a text is too long")
        let sequences = Sequences(lengths: texts.map(\.count))
        let positions = texts.flatMap { (0..<Int32($0.count)) }
        var x = tape.add(
            tape.rows(of: parameter("embeddings.word_embeddings.weight"), texts.flatMap { $0 }),
            tape.rows(of: parameter("embeddings.position_embeddings.weight"), positions))
        let segments = [Int32](repeating: 0, count: sequences.rowCount)
        x = tape.add(x, tape.rows(of: parameter("embeddings.token_type_embeddings.weight"), segments))
        x = norm(x, "embeddings.LayerNorm", on: tape)
        x = tape.dropout(x, rate: dropout, seed: seed)
        for index in 0..<layerCount {
            let name = "encoder.layer.\(index)."
            let own = seed &+ UInt64(2 * index + 1) &* 0x9E37_79B9_7F4A_7C15
            let seen = tape.attention(
                queries: linear(x, name + "attention.self.query", on: tape),
                keys: linear(x, name + "attention.self.key", on: tape),
                values: linear(x, name + "attention.self.value", on: tape), sequences, heads: headCount,
                scale: 1 / Float(width / headCount).squareRoot(), causal: false)
            let attended = tape.dropout(
                linear(seen, name + "attention.output.dense", on: tape), rate: dropout, seed: own)
            x = norm(tape.add(x, attended), name + "attention.output.LayerNorm", on: tape)
            let inner = tape.gelu(linear(x, name + "intermediate.dense", on: tape))
            let output = tape.dropout(
                linear(inner, name + "output.dense", on: tape), rate: dropout, seed: own &+ 1)
            x = norm(tape.add(x, output), name + "output.LayerNorm", on: tape)
        }
        return x
    }

    private func parameter(_ name: String) -> Parameter { parameters.required(prefix + name) }

    private func linear(_ x: Variable, _ name: String, on tape: Tape) -> Variable {
        tape.linear(x, parameter(name + ".weight"), bias: parameter(name + ".bias"))
    }

    private func norm(_ x: Variable, _ name: String, on tape: Tape) -> Variable {
        tape.layerNorm(
            x, gain: parameter(name + ".weight"), bias: parameter(name + ".bias"), epsilon: epsilon)
    }
}
