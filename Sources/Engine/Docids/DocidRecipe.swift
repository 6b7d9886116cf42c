import Corpora
import Docids
import Foundation
import Storage

/// How trained docids were made of a corpus: what finds them again for passages that come later.
///
/// It stands in the `config.json` of their folder, under `docids`.
public struct DocidRecipe: Codable, Sendable, Equatable {
    /// What the entries of a passage are.
    public enum Representation: String, Codable, Sendable, CaseIterable, Comparable {
        /// The passage's own vector.
        case passage
        /// A vector for each sentence, read with the title, mixed with the passage's.
        case sentences
        /// A vector for each query that is kept with the index, mixed with the passage's.
        case queries

        public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
    }

    public var scheme = DocidScheme.tree
    public var representations: [Representation] = [.sentences]
    /// The interpolation weight of a sentence or query in the mixture with its passage's vector.
    public var interpolation: Float = 0.7
    /// Sentences of fewer words are read together with the next.
    public var sentenceWords = 4
    /// The most sentences, and the most queries, of a passage.
    public var partsPerPassage = 16
    /// The query generators whose queries are entries.
    public var queryGenerators: [String] = []
    public var fanout = 256
    public var leafSize = 8
    public var codewords = 256
    public var levels = 8
    public var seed: UInt64 = 1
    /// Of the softmax over prefixes.
    public var inverseTemperature: Float = 20
    /// What the vectors of `atomic` entries learn of the learning rate; nil where they stay those of the
    /// encoder.
    public var entryRate: Float?
    /// The look-ahead weight of BM25; nil where it was not estimated.
    public var lookAhead: Float?

    /// A tenth: vectors that start from a dense retriever's move less than what starts from nothing
    /// (DynamicRetriever's OverDense, Zhou et al. 2023).
    package static let overDenseRate: Float = 0.1

    public init() {}

    // The names that the folders of earlier trainings have.
    private enum CodingKeys: String, CodingKey {
        case scheme, representations, sentenceWords, partsPerPassage, fanout, leafSize, codewords, levels, seed
        case entryRate
        case interpolation = "share"
        case queryGenerators = "makers"
        case inverseTemperature = "sharpness"
        case lookAhead = "planAhead"
    }

    /// A scheme with the sizes of those who proposed it.
    public init(scheme: DocidScheme) {
        self.scheme = scheme
        if let sizes = scheme.proposedSizes { (fanout, leafSize) = sizes }
        if !scheme.isAnchored { representations = [.passage] }
    }

    /// Reads a folder's `config.json`.
    ///
    /// - Throws: ``EngineError/docids(path:reason:)`` when it says nothing of docids, or nonsense.
    package init(folder: URL) throws(EngineError) {
        let file = folder.appending(path: "config.json")
        struct File: Decodable { var docids: DocidRecipe }
        guard let data = try? Data(contentsOf: file) else {
            throw .docids(path: file.path, reason: "it cannot be read")
        }
        guard let file = try? JSONDecoder().decode(File.self, from: data) else {
            throw .docids(path: file.path, reason: "it does not describe docids")
        }
        self = file.docids
        guard isSound else { throw .docids(path: folder.path, reason: "its config.json has impossible numbers") }
    }

    /// The sentences of a text that are entries, short ones taken together.
    package func sentences(of text: String) -> [Substring] {
        SentencePieces(words: sentenceWords, most: partsPerPassage).pieces(of: text)
    }

    /// Whether all numbers can be worked with.
    public var isSound: Bool {
        (0...1).contains(interpolation) && (1...1_000).contains(partsPerPassage) && (1...1_000).contains(sentenceWords)
            && (2...65_536).contains(fanout) && (1...1_000_000).contains(leafSize)
            && (1...65_536).contains(codewords) && (1...256).contains(levels) && inverseTemperature > 0
            && inverseTemperature.isFinite && (lookAhead.map { (0...1).contains($0) } ?? true)
            && (entryRate.map { scheme == .atomic && $0 > 0 && $0 <= 1 } ?? true)
            && !representations.isEmpty && Set(representations).count == representations.count
            && (representations.contains(.queries) ? !queryGenerators.isEmpty : true)
    }

    /// The member of `config.json`.
    package func member() throws -> JSONValue.Member {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return .init("docids", try JSONValue(parsing: Array(encoder.encode(self))))
    }
}
