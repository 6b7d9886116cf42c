import Corpora
import Docids
import Foundation
import Ranking

/// What an index says of itself: `manifest.json`.
///
/// Holds no time and no path, so that the same corpus and options give the same bytes.
public struct IndexManifest: Codable, Sendable, Equatable {
    public static let currentFormat = 2
    public static let supportedFormats = 2...2

    public var format = Self.currentFormat
    /// The version of genret that wrote the index.
    public var genret: String
    public var passages: Int
    /// Tokens of the n-gram index, document ends included.
    public var tokens: Int
    public var corpus: Corpus
    public var tokenizer: Tokenizer
    /// Nil when the index was made without an encoder: it then has no vectors and no docids.
    public var encoder: Encoder?
    /// The trained generator in the index's folder; nil without one.
    public var generator: Generator?
    /// The trained encoder of queries in the index's folder; nil where queries are read by the passages' own.
    public var queryEncoder: QueryEncoder?
    /// The trained docids in the index's folder; nil without any.
    public var docids: Docids?
    /// The queries in the index's folder, by maker in order of their names; nil without any.
    public var queries: [Queries]?
    public var options: IndexOptions
    public var fusion: FusionEstimate
    /// Folders of segments inside the index, in the order of the corpus.
    public var segments: [String]

    public struct Corpus: Codable, Sendable, Equatable {
        /// What the reader recognised.
        public var format: String
        /// SHA-256 over every passage's id, title and text, each ended by a zero byte.
        public var sha256: String
        public var badLines: Int

        package init(format: String, sha256: String, badLines: Int) {
            self.format = format
            self.sha256 = sha256
            self.badLines = badLines
        }
    }

    public struct Tokenizer: Codable, Sendable, Equatable {
        public var fingerprint: String
        /// "encoder" or "corpus": the encoder's own, or one made from the corpus' words.
        public var source: String
        public var documentEnd: Int32
        public var titleEnd: Int32

        package init(fingerprint: String, source: String, documentEnd: Int32, titleEnd: Int32) {
            self.fingerprint = fingerprint
            self.source = source
            self.documentEnd = documentEnd
            self.titleEnd = titleEnd
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
            self.name = name
            self.sha256 = sha256
            self.configuration = configuration
            self.dimension = dimension
            self.maxTokens = maxTokens
        }
    }

    public struct Generator: Codable, Sendable, Equatable {
        /// SHA-256 of the weights.
        public var sha256: String
        public var tasks: [String]
        public var layers: Int
        /// Whether it compares queries with passages; nil where it does not.
        public var interacts: Bool?
        /// The fusion weights for searches with it; nil where they were not estimated.
        public var fusion: FusionEstimate?
        /// The constants of key weights and evidence for it; nil where they were not estimated.
        public var tuning: KeyTuning?
        /// How the merge's best are reranked; nil where nothing was estimated, or it did not help.
        public var rerank: Reranking?

        package init(sha256: String, tasks: [String], layers: Int, interacts: Bool) {
            self.sha256 = sha256
            self.tasks = tasks
            self.layers = layers
            self.interacts = interacts ? true : nil
        }
    }

    public struct QueryEncoder: Codable, Sendable, Equatable {
        /// SHA-256 of the weights.
        public var sha256: String

        package init(sha256: String) { self.sha256 = sha256 }
    }

    /// Docids with a network that was trained to find them.
    public struct Docids: Codable, Sendable, Equatable {
        /// SHA-256 of the weights.
        public var sha256: String
        public var scheme: DocidScheme
        public var representations: [DocidRecipe.Representation]
        public var entries: Int
        /// The levels of prefixes.
        public var levels: Int
        /// Whether the network changes queries at all.
        public var isTrained: Bool
        /// The weight of BM25 in planning ahead; nil where it was not estimated.
        public var planAhead: Float?
        /// The fusion weights for searches with them; nil where they were not estimated.
        public var fusion: FusionEstimate?

        package init(
            sha256: String, recipe: DocidRecipe, entries: Int, levels: Int, isTrained: Bool
        ) {
            self.sha256 = sha256
            scheme = recipe.scheme
            representations = recipe.representations
            self.entries = entries
            self.levels = levels
            self.isTrained = isTrained
            planAhead = recipe.planAhead
        }
    }

    /// The queries that one maker made of the passages.
    public struct Queries: Codable, Sendable, Equatable {
        public var maker: String
        public var count: Int
        /// How many there were before those were left out that do not find their passage.
        public var made: Int
        /// The passages that queries were made of.
        public var passages: Int
        /// Queries find their passage among so many; 0 where nobody looked.
        public var keep: Int
        /// The retrievers of which one must find it.
        public var filter: [RetrieverKind]
        public var seed: UInt64

        package init(
            maker: String, count: Int, made: Int, passages: Int, keep: Int, filter: [RetrieverKind],
            seed: UInt64
        ) {
            self.maker = maker
            self.count = count
            self.made = made
            self.passages = passages
            self.keep = keep
            self.filter = filter
            self.seed = seed
        }
    }

    /// The fusion weights and how they were found.
    public struct FusionEstimate: Codable, Sendable, Equatable {
        public var weights: [String: Float]
        public var pseudoQueries: Int
        /// The mean nDCG@10 of the pseudo-queries under these weights.
        public var objective: Double

        package init(weights: [RetrieverKind: Float], pseudoQueries: Int, objective: Double) {
            self.weights = Dictionary(uniqueKeysWithValues: weights.map { ($0.key.rawValue, $0.value) })
            self.pseudoQueries = pseudoQueries
            self.objective = objective
        }

        public var fusion: Fusion {
            Fusion(
                weights: Dictionary(
                    uniqueKeysWithValues: weights.compactMap { name, weight in
                        RetrieverKind(rawValue: name).map { ($0, weight) }
                    }))
        }
    }

    package init(
        genret: String, passages: Int, tokens: Int, corpus: Corpus, tokenizer: Tokenizer,
        encoder: Encoder?, options: IndexOptions, fusion: FusionEstimate, segments: [String]
    ) {
        self.genret = genret
        self.passages = passages
        self.tokens = tokens
        self.corpus = corpus
        self.tokenizer = tokenizer
        self.encoder = encoder
        self.options = options
        self.fusion = fusion
        self.segments = segments
    }

    package func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }
}
