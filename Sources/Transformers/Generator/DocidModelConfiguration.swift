import Foundation
import Storage

/// The `config.json` of a docid network: a small decoder over a frozen sentence encoder.
public struct DocidModelConfiguration: Sendable, Equatable {
    /// The value of `model_type`.
    public static let type = "genret-docid"

    /// The name of the encoder whose states it reads.
    public let encoder: String
    /// The vectors that it makes of a query: one for each level of docids' prefixes, and one for whole
    /// docids.
    public let slotCount: Int
    /// The tokens that it writes docids with, one a slot; nil where docids are found by vectors.
    public let vocabularySize: Int?
    /// Whether the output rows depend on the tokens that were written; see ``PrefixAdaptor``.
    public let isPrefixAware: Bool
    let stack: StackConfiguration

    /// The width of token states, which is the encoder's.
    public var width: Int { stack.width }
    public var layerCount: Int { stack.layerCount }
    public var headCount: Int { stack.headCount }
    public var feedForwardWidth: Int { stack.feedForwardWidth }
    public var epsilon: Float {
        if case .layer(let epsilon) = stack.norm { epsilon } else { 0 }
    }

    /// - Precondition: heads divide the width, and only where there is a vocabulary are there prefixes.
    public init(
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
        stack = .generator(
            layerCount: layerCount, width: width, headCount: headCount,
            feedForwardWidth: feedForwardWidth, epsilon: epsilon, positions: slotCount)
    }

    /// Reads the file's contents.
    ///
    /// - Throws: ``ModelError`` when it is no docid network's, or a member is missing or impossible.
    public init(_ json: JSONValue, path: String) throws(ModelError) {
        let reader = ConfigurationReader(json: json, path: path)
        let type = try reader.word("model_type", standard: "missing")
        guard type == Self.type else {
            throw reader.unsupported("model_type is \(type); expected \(Self.type)")
        }
        encoder = try reader.word("encoder", standard: "")
        guard !encoder.isEmpty else { throw reader.fault("encoder must name a sentence encoder") }
        slotCount = try reader.size("slots", upTo: 1 << 10)
        vocabularySize = json["vocab_size"] == nil ? nil : try reader.size("vocab_size", upTo: 1 << 24)
        isPrefixAware = try reader.flag("prefix_aware", standard: false)
        guard vocabularySize != nil || !isPrefixAware else {
            throw reader.fault("prefix_aware needs vocab_size")
        }
        let width = try reader.size("hidden_size", upTo: 1 << 16)
        let heads = try reader.size("num_heads", upTo: 1 << 10)
        _ = try reader.headWidth(width, heads)
        stack = .generator(
            layerCount: try reader.size("num_layers", upTo: 1 << 10), width: width, headCount: heads,
            feedForwardWidth: try reader.size("intermediate_size", upTo: 1 << 18),
            epsilon: try reader.epsilon("layer_norm_eps", standard: 1e-5), positions: slotCount)
    }

    /// The members of `config.json`.
    public var members: [JSONValue.Member] {
        [
            .init("model_type", .string(Self.type)), .init("encoder", .string(encoder)),
            .init("hidden_size", .number(Double(width))),
            .init("num_layers", .number(Double(layerCount))),
            .init("num_heads", .number(Double(headCount))),
            .init("intermediate_size", .number(Double(feedForwardWidth))),
            .init("slots", .number(Double(slotCount))),
        ] + (vocabularySize.map { [.init("vocab_size", .number(Double($0)))] } ?? [])
            + (isPrefixAware ? [.init("prefix_aware", .bool(true))] : []) + [
            // By way of its shortest text, 1e-05 and not the double next to it.
            .init("layer_norm_eps", .number(Double("\(epsilon)") ?? Double(epsilon))),
        ]
    }

    /// Refuses an encoder that the network was not made for, and a network of the other kind.
    func check(
        _ encoder: SentenceEncoder, _ directory: URL, writesTokens: Bool
    ) throws(ModelError) {
        let name = encoder.directory.lastPathComponent
        guard self.encoder == name, width == encoder.dimension else {
            throw .unsupported(
                path: directory.path,
                reason: "the docids read the encoder \(self.encoder) of width \(width), not \(name) of width \(encoder.dimension)")
        }
        guard (vocabularySize != nil) == writesTokens else {
            throw .unsupported(
                path: directory.path, reason: "docids are \(writesTokens ? "not " : "")written token by token")
        }
    }
}
