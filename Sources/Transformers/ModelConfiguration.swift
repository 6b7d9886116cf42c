import Foundation
import Storage

/// The hyper-parameters of a BERT encoder, from `config.json`.
public struct ModelConfiguration: Sendable, Equatable {
    public let vocabularySize: Int
    /// The width of token states.
    public let hiddenSize: Int
    public let layerCount: Int
    public let headCount: Int
    /// The width of the feed-forward layers.
    public let intermediateSize: Int
    /// The most tokens a text can have.
    public let maxPositions: Int
    public let typeCount: Int
    public let layerNormEpsilon: Float

    /// The width of one attention head.
    public var headSize: Int { hiddenSize / headCount }

    /// Reads a `config.json`.
    ///
    /// - Throws: ``ModelError`` when the file is malformed or the model is no BERT encoder with
    ///   absolute positions and exact gelu.
    public init(contentsOf url: URL) throws(ModelError) {
        try self.init(json: ModelFile.json(url), path: url.path)
    }

    init(json: JSONValue, path: String) throws(ModelError) {
        func size(_ name: String, upTo limit: Int) throws(ModelError) -> Int {
            guard let value = json[name]?.int, value > 0, value <= limit else {
                throw .malformed(path: path, reason: "\(name) must be a number in 1...\(limit)")
            }
            return value
        }
        func require(_ name: String, _ expected: String) throws(ModelError) {
            guard let value = json[name], !value.isNull else { return }
            guard value.string == expected else {
                throw .unsupported(
                    path: path, reason: "\(name) is \(value.string ?? "no word"); expected \(expected)")
            }
        }
        guard json["model_type"]?.string == "bert" else {
            throw .unsupported(
                path: path,
                reason: "model_type is \(json["model_type"]?.string ?? "missing"); expected bert")
        }
        try require("hidden_act", "gelu")
        try require("position_embedding_type", "absolute")
        vocabularySize = try size("vocab_size", upTo: 1 << 24)
        hiddenSize = try size("hidden_size", upTo: 1 << 16)
        layerCount = try size("num_hidden_layers", upTo: 1 << 10)
        headCount = try size("num_attention_heads", upTo: 1 << 10)
        intermediateSize = try size("intermediate_size", upTo: 1 << 18)
        maxPositions = try size("max_position_embeddings", upTo: 1 << 20)
        typeCount = try size("type_vocab_size", upTo: 1 << 10)
        guard hiddenSize % headCount == 0 else {
            throw .malformed(path: path, reason: "hidden_size must be a multiple of num_attention_heads")
        }
        let epsilon = json["layer_norm_eps"]?.number ?? 1e-12
        guard epsilon >= 0, epsilon < 1 else {
            throw .malformed(path: path, reason: "layer_norm_eps must lie in 0..<1")
        }
        layerNormEpsilon = Float(epsilon)
    }
}
