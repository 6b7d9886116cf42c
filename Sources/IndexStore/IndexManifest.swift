import Foundation
import Search

/// What an index is at one moment: `manifest.json`, a generation of it.
///
/// Holds no time and no path, so that the same corpus and options give the same bytes. Members that are
/// missing have defaults and unknown ones are ignored: formats grow without breaking.
public struct IndexManifest: Sendable, Equatable {
    public static let currentFormat = 3
    public static let supportedFormats = 2...3

    public var format = Self.currentFormat
    /// The version of genret that wrote it.
    public var genret: String
    /// Counts the changes of the index since it was built, which is 1.
    public var generation = 1
    public var corpus: Corpus
    public var tokenizer: Tokenizer
    /// Nil where the index was made without an encoder: it has no vectors and no docids, unless ``vectors`` were imported.
    public var encoder: Encoder?
    /// What its vectors are where they were imported, and no encoder of ours made them; nil elsewhere.
    public var vectors: Vectors?
    /// How it was built; of a shape that the builder knows.
    public var options: JSONTree
    /// In the order of the corpus.
    public var segments: [SegmentRecord]
    /// In the order of their kinds.
    public private(set) var parts: [PartRecord] = []
    public private(set) var estimates: [EstimateRecord] = []

    public init(
        genret: String, corpus: Corpus, tokenizer: Tokenizer, encoder: Encoder?, vectors: Vectors? = nil,
        options: JSONTree, segments: [SegmentRecord] = []
    ) {
        (self.genret, self.corpus, self.tokenizer, self.encoder) = (genret, corpus, tokenizer, encoder)
        self.vectors = vectors
        (self.options, self.segments) = (options, segments)
    }

    public struct Corpus: Codable, Sendable, Equatable {
        /// What the reader recognised.
        public var format: String
        /// SHA-256 over every passage's id, title and text, each ended by a zero byte.
        public var sha256: String
        public var badLines: Int

        package init(format: String, sha256: String, badLines: Int) {
            (self.format, self.sha256, self.badLines) = (format, sha256, badLines)
        }
    }

    public struct Tokenizer: Codable, Sendable, Equatable {
        public var fingerprint: String
        /// "encoder" or "corpus": the encoder's own, or one made from the corpus' words.
        public var source: String
        public var documentEnd: Int32
        public var titleEnd: Int32

        package init(fingerprint: String, source: String, documentEnd: Int32, titleEnd: Int32) {
            (self.fingerprint, self.source) = (fingerprint, source)
            (self.documentEnd, self.titleEnd) = (documentEnd, titleEnd)
        }
    }

    public struct Encoder: Codable, Sendable, Equatable {
        public var name: String
        /// SHA-256 of the weights.
        public var sha256: String
        /// SHA-256 of what is read beside them; nil in indexes that older versions wrote.
        public var configuration: String?
        public var dimension: Int
        public var maxTokens: Int

        package init(name: String, sha256: String, configuration: String? = nil, dimension: Int, maxTokens: Int) {
            (self.name, self.sha256, self.configuration) = (name, sha256, configuration)
            (self.dimension, self.maxTokens) = (dimension, maxTokens)
        }
    }

    /// Vectors that came with the corpus. Nothing is known of what made them, so that a query must bring a vector of its own.
    public struct Vectors: Codable, Sendable, Equatable {
        public var dimension: Int

        package init(dimension: Int) { self.dimension = dimension }
    }

    /// The length of its vectors, whoever made them; nil where it has none.
    public var vectorDimension: Int? { encoder?.dimension ?? vectors?.dimension }

    /// The number of passages that are not deleted.
    public var passages: Int { segments.reduce(0) { $0 + $1.living } }

    /// Tokens of the n-gram index in such passages, passage ends included.
    public var tokens: Int { segments.reduce(0) { $0 + $1.tokens - ($1.deleted?.tokens ?? 0) } }

    /// The part of a kind; nil where there is none.
    public func part(_ kind: ComponentID) -> PartRecord? { parts.first { $0.kind == kind } }

    /// The parts of which there may be several, such as those of "queries": "queries/labelled".
    public func parts(below kind: ComponentID) -> [PartRecord] {
        parts.filter { $0.kind.name.hasPrefix(kind.name + "/") }
    }

    /// All folders that are named.
    public var folders: [FolderRecord] {
        segments.flatMap(\.folders) + parts.map(\.files)
    }

    /// Puts a part in the place of the one of its kind, or takes that away.
    package mutating func setPart(_ part: PartRecord?, of kind: ComponentID) {
        parts.removeAll { $0.kind == kind }
        if let part { parts.append(part) }
        parts.sort { $0.kind < $1.kind }
    }

    /// Enters an estimate in the place of the one that was made with parts of the same kinds. Estimates that
    /// are void stay: a part that was taken out may come again.
    package mutating func setEstimate(_ estimate: EstimateRecord) {
        estimates.removeAll { $0.id == estimate.id && $0.present == estimate.present }
        estimates.append(estimate)
        estimates.sort { a, b in
            a.id != b.id ? a.id < b.id : a.present.sorted().lexicographicallyPrecedes(b.present.sorted())
        }
    }

    /// The bytes of the file.
    package func encoded() throws -> Data {
        try JSONTree.bytes(of: self, isIndented: true) + Data("\n".utf8)
    }
}

extension IndexManifest: Codable {
    private enum Member: String, CodingKey {
        case format, genret, generation, passages, tokens, corpus, tokenizer, encoder, vectors, options, segments, parts
        case estimates
    }

    public init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: Member.self)
        self.init(
            genret: try members.decodeIfPresent(String.self, forKey: .genret) ?? "",
            corpus: try members.decode(Corpus.self, forKey: .corpus),
            tokenizer: try members.decode(Tokenizer.self, forKey: .tokenizer),
            encoder: try members.decodeIfPresent(Encoder.self, forKey: .encoder),
            vectors: try members.decodeIfPresent(Vectors.self, forKey: .vectors),
            options: try members.decodeIfPresent(JSONTree.self, forKey: .options) ?? .object([:]),
            segments: try members.decode([SegmentRecord].self, forKey: .segments))
        format = try members.decode(Int.self, forKey: .format)
        generation = try members.decodeIfPresent(Int.self, forKey: .generation) ?? 1
        parts = try members.decodeIfPresent([PartRecord].self, forKey: .parts) ?? []
        estimates = try members.decodeIfPresent([EstimateRecord].self, forKey: .estimates) ?? []
    }

    public func encode(to encoder: any Swift.Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(format, forKey: .format)
        try members.encode(genret, forKey: .genret)
        try members.encode(generation, forKey: .generation)
        // For those who read the file; the segments have them.
        try members.encode(passages, forKey: .passages)
        try members.encode(tokens, forKey: .tokens)
        try members.encode(corpus, forKey: .corpus)
        try members.encode(tokenizer, forKey: .tokenizer)
        try members.encodeIfPresent(self.encoder, forKey: .encoder)
        try members.encodeIfPresent(vectors, forKey: .vectors)
        try members.encode(options, forKey: .options)
        try members.encode(segments, forKey: .segments)
        try members.encode(parts, forKey: .parts)
        try members.encode(estimates, forKey: .estimates)
    }
}
