import Foundation
import Storage

/// The `config.json` of a docid network: a small decoder over a frozen sentence encoder.
package struct DocidModelConfiguration: Sendable, Equatable {
    /// The value of `model_type`.
    package static let type = "genret-docid"

    /// The name of the encoder whose states it reads.
    package let encoder: String
    /// The vectors that it makes of a query: one for each level of docids' prefixes, and one for whole
    /// docids.
    package let slotCount: Int
    /// The tokens that it writes docids with, one a slot; nil where docids are found by vectors.
    package let vocabularySize: Int?
    /// Whether the output rows depend on the tokens that were written; see ``PrefixAdaptor``.
    package let isPrefixAware: Bool
    let stack: StackConfiguration

    /// The width of token states, which is the encoder's.
    package var width: Int { stack.width }
    package var layerCount: Int { stack.layerCount }
    package var headCount: Int { stack.headCount }
    package var feedForwardWidth: Int { stack.feedForwardWidth }
    package var epsilon: Float { stack.epsilon }

    /// - Precondition: heads divide the width, and only where there is a vocabulary are there prefixes.
    package init(
        encoder: String, width: Int, layerCount: Int = 2, headCount: Int, feedForwardWidth: Int,
        slotCount: Int, vocabularySize: Int? = nil, isPrefixAware: Bool = false,
        epsilon: Float = 1e-5
    ) {
        precondition(width % headCount == 0, "heads must divide the width")
        precondition(vocabularySize != nil || !isPrefixAware, "without tokens there are no prefixes")
        self.encoder = encoder
        self.slotCount = slotCount
        self.vocabularySize = vocabularySize
        self.isPrefixAware = isPrefixAware
        stack = .decoder(
            layerCount: layerCount, width: width, headCount: headCount,
            feedForwardWidth: feedForwardWidth, epsilon: epsilon, positions: slotCount)
    }

    /// Reads the file's contents.
    ///
    /// - Throws: ``ModelError`` when it is no docid network's, or a member is missing or impossible.
    package init(_ json: JSONValue, path: String) throws(ModelError) {
        let reader = ConfigurationReader(json: json, path: path)
        encoder = try reader.encoder(ofType: Self.type)
        slotCount = try reader.size("slots", upTo: 1 << 10)
        vocabularySize = json["vocab_size"] == nil ? nil : try reader.size("vocab_size", upTo: 1 << 24)
        isPrefixAware = try reader.flag("prefix_aware", standard: false)
        guard vocabularySize != nil || !isPrefixAware else {
            throw reader.fault("prefix_aware needs vocab_size")
        }
        stack = try .decoder(reader, positions: slotCount)
    }

    /// The members of `config.json`.
    package var members: [JSONValue.Member] {
        [
            .init("model_type", .string(Self.type)), .init("encoder", .string(encoder)),
        ] + stack.decoderMembers + [.init("slots", .number(Double(slotCount)))]
            + (vocabularySize.map { [.init("vocab_size", .number(Double($0)))] } ?? [])
            + (isPrefixAware ? [.init("prefix_aware", .bool(true))] : [])
    }

    /// Refuses an encoder that the network was not made for, and a network of the other kind.
    func check(
        _ encoder: SentenceEncoder, _ directory: URL, writesTokens: Bool
    ) throws(ModelError) {
        let name = encoder.directory.lastPathComponent
        guard self.encoder == name, width == encoder.dimension else {
            throw .unsupported(
                path: directory.path,
                reason:
                    "the docids read the encoder \(self.encoder) of width \(width), not \(name) of width \(encoder.dimension)"
            )
        }
        guard (vocabularySize != nil) == writesTokens else {
            throw .unsupported(
                path: directory.path, reason: "docids are \(writesTokens ? "not " : "")written token by token")
        }
    }
}
