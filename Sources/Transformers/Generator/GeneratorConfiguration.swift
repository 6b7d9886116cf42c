import Foundation
import Storage

/// The `config.json` of a generator: a small decoder over a frozen sentence encoder.
package struct GeneratorConfiguration: Sendable, Equatable {
    /// The value of `model_type`.
    package static let type = "genret-generator"
    /// The name in the model cache of the general generator, which indexes start from.
    package static let general = "genret-general"

    /// The name of the encoder whose states and words it reads.
    package let encoder: String
    package let vocabularySize: Int
    /// What it can be asked for, such as "body", "title" and "question".
    package let tasks: [String]
    /// Whether it has a head that compares queries with passages; see ``LateInteraction``.
    package var interacts: Bool
    let stack: StackConfiguration

    /// The width of token states, d, which is the encoder's.
    package var width: Int { stack.width }
    package var layerCount: Int { stack.layerCount }
    /// The most tokens that it writes.
    package var maximumLength: Int { stack.maximumLength ?? 0 }

    /// Reads the file's contents.
    ///
    /// - Throws: ``ModelError`` when it is no generator's, or a member is missing or impossible.
    package init(_ json: JSONValue, path: String) throws(ModelError) {
        let reader = ConfigurationReader(json: json, path: path)
        encoder = try reader.encoder(ofType: Self.type)
        vocabularySize = try reader.size("vocab_size", upTo: 1 << 24)
        let names = (json["tasks"]?.array ?? []).map { $0.string ?? "" }
        guard !names.isEmpty, !names.contains(""), Set(names).count == names.count else {
            throw reader.fault("tasks must be a list of different names")
        }
        tasks = names
        interacts = json["late_interaction"]?.bool ?? false
        stack = try .decoder(reader, positions: try reader.size("max_positions", upTo: 1 << 16))
    }

    /// What the tensors are called.
    static var names: ModelNames.Stack {
        .init(words: [], positions: "positions", finalNorm: "final_norm") { index in
            let name = "layers.\(index)."
            func attention(_ path: String) -> ModelNames.Attention {
                .init(query: path + "q", key: path + "k", value: path + "v", output: path + "o")
            }
            return .init(
                attention: attention(name + "self_attn."), attentionNorm: name + "self_norm",
                cross: attention(name + "cross_attn."), crossNorm: name + "cross_norm",
                up: [name + "ff.up"], down: name + "ff.down", feedForwardNorm: name + "ff_norm")
        }
    }
}
