import Corpora
import FMIndex
import Foundation
import Memory
import Ranking
import Search
import Tensors
import Transformers

/// How an index is built; stored with it.
public struct IndexOptions: Codable, Sendable, Equatable {
    public var corpus = CorpusOptions()
    /// The encoder's name in the model cache; nil builds without one.
    public var encoder: String? = "all-MiniLM-L6-v2"
    /// The encoder's precision while it encodes passages; nil is single. Questions are always encoded
    /// in single precision.
    public var encoderPrecision: Precision?
    /// How many passages the encoder itself gives their vectors. Enough for every passage of most corpora; for larger ones it bounds
    /// the time to the first answer.
    public var encoderBudget = EncoderBudget.passages(100_000)
    public var analyzer = TermAnalyzer()
    /// What the n-gram index holds; nil chooses by the corpus' size.
    public var ngramProfile: NgramProfile?
    /// How vectors are stored.
    public var vectorProfile = VectorProfile.int8
    /// Whether docids lead to the sentences of passages, and not only to passages.
    public var sentenceDocids = true
    /// Whether the passages' tokens are stored as the generator's late-interaction head sees them, so that reranking reads no passage.
    public var tokenCodes = true
    /// The docid tree: children a node, and passages a leaf; nil chooses by the number of passages.
    public var fanout: Int?
    public var leafSize: Int?
    /// Whether the vectors' residual-quantised docids are made; nil: with exact vectors.
    public var quantisedDocids: Bool?
    /// Of them: levels, and codewords a level.
    public var quantiserLevels = 8
    public var quantiserCodewords = 256
    /// How many pseudo-queries estimate the fusion weights; 0 leaves them equal.
    public var pseudoQueries = 400
    public var seed: UInt64 = 1
    /// The memory, in bytes, that the build keeps to by cutting the index into segments; nil makes one.
    public var maxMemory: Int?

    /// The generator that the index is given: a folder, or a name in the model cache; nil for none. The one that
    /// comes with genret goes with its own encoder only, any other must.
    public var generator: String? = GeneratorConfiguration.general
    /// Steps for which the generator is trained on with questions of the corpus' own passages; 0 leaves it as it is.
    public var trainSteps = 64
    /// The most minutes that these steps may take; nil: as long as they take, so that every machine makes the same
    /// index.
    public var trainMinutes: Double?

    public init() {}

    /// The options that an index was built with; what they do not name has its default.
    public init(_ stored: JSONTree) {
        self = (try? PartialJSON.decode(stored, over: IndexOptions(), isStrict: false)) ?? IndexOptions()
    }

    /// The options that JSON names; what it does not name has its default.
    ///
    /// - Throws: ``OptionFault`` for a member that does not exist, or is of another type.
    package init(strictly tree: JSONTree) throws(OptionFault) {
        self = try PartialJSON.decode(tree, over: IndexOptions(), isStrict: true)
    }

    /// Children of a node and passages of a leaf for so many passages: wide and shallow is better where there are many, and
    /// means cost bytes where there are few.
    package func docidTree(passages: Int) -> (fanout: Int, leafSize: Int) {
        let isLarge = passages >= 100_000
        return (fanout ?? (isLarge ? 64 : 32), leafSize ?? (isLarge ? 256 : 32))
    }

    /// The same for sentences, of which there are many of a passage: a beam that sees too few loses the passage's best.
    package var sentenceTree: (fanout: Int, leafSize: Int) { (fanout ?? 64, leafSize ?? 256) }

    package var hasQuantisedDocids: Bool { quantisedDocids ?? (vectorProfile == .float32) }

    /// The folder of the generator; nil where there is none for the encoder.
    ///
    /// - Throws: `ModelError` where a generator that is named is missing or damaged.
    package func generatorFolder(in models: ModelCache) throws -> URL? {
        guard let encoder, let generator else { return nil }
        let isUsual = generator == GeneratorConfiguration.general
        let folder = models.directory(of: generator) ?? URL(filePath: generator)
        let file = folder.appending(path: "config.json")
        guard !isUsual || FileManager.default.fileExists(atPath: file.path) else { return nil }
        let configuration = try GeneratorConfiguration(Checkpoint(contentsOf: folder).configuration, path: file.path)
        return !isUsual || configuration.encoder == encoder ? folder : nil
    }
}
