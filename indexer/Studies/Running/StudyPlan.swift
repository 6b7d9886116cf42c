import Corpora
import Docids
import Engine
import Search

/// What a study is to measure: every cell of sizes × samples × retrievers × their options.
///
/// A preset fills in these axes and nothing else.
package struct StudyPlan: Sendable {
    package enum Size: Sendable, Hashable {
        case passages(Int)
        case all
    }

    package var sizes: [Size] = [.passages(10_000), .passages(100_000), .passages(1_000_000), .all]
    /// Leaves out sizes above the corpus, instead of refusing them.
    package var takesOnlySizesThatFit = false
    /// Random samples of a size, with seeds that follow each other. One where a sample is the whole corpus, or larger than
    /// ``mostReplicated``.
    package var replicates = 1
    package var distractors: [StudySample.Distractors] = [.random]
    /// `ngram`, `docid`, `dense`, `bm25`, `merge`; nil: all that can be built.
    package var retrievers: [String]?
    /// How many passages the encoder gives their vectors; empty: as ``options`` say. BM25 and n-grams, which have no
    /// vectors, are measured with the first.
    package var encoderBudgets: [EncoderBudget] = []
    /// How many of a list's best are encoded for a query where they have static vectors; empty: as many as usual.
    package var encodes: [Int] = []
    /// The docids of the cells of `docid`.
    package var docids: [DocidScheme] = [.tree]
    /// What docids are learnt from; nil: nothing, the vectors alone give them.
    package var representations: [PassageRepresentation?] = [nil]
    /// Layers of the networks that find docids.
    package var layers = [2]
    /// How long these learn.
    package var lengths: [StudyTraining.Length] = [.steps(1000)]
    /// Whether autoregressive docids are generated under the trie of those that exist.
    package var constrained = [true]
    /// What `labelled` learns from.
    package var labelled: LabelledPairs?
    package var beams = [10, 100]
    /// The parts of the queries' words that get a typing error; 0 is always among them.
    package var typos: [Double] = []
    /// Threads that a timed query may use; nil: all.
    package var threads: [Int?] = [1, nil]
    /// A corpus that grows after it was indexed; nil: it does not.
    package var growth: StudyGrowth?
    package var seed: UInt64 = 1
    /// How indexes are built.
    package var options = IndexOptions()

    package static let retrieverNames = ["bm25", "ngram", "dense", "docid", "merge"]
    package static let mostReplicated = 100_000
    /// Passages of each list that are looked at.
    package static let depth = 1000

    package init() {}

    /// The seeds of random samples.
    var seeds: [UInt64] { (0..<UInt64(max(1, replicates))).map { seed &+ $0 } }

    /// A sample that is searched.
    struct PlannedSample: Sendable, Hashable {
        let size: Int
        let judged: Int
        let seed: UInt64
        let distractors: StudySample.Distractors
        let replicate: Int
    }

    /// One cell before it was measured.
    struct PlannedCell: Sendable {
        let key: String
        let sample: StudyCell.Sample
        let options: StudyCell.Options
        let search: SearchOptions
        let typos: Double
        /// Parts that were added to the index before; nil where the corpus does not grow.
        let step: Int?
        /// Nil where the index needs no docids besides its own.
        let training: StudyTraining?
    }

    /// Docids that are made over an index, and the cells that are asked of them.
    struct PlannedTraining: Sendable {
        let key: String
        let training: StudyTraining
        let cells: [PlannedCell]
    }

    /// An index, the cells that are asked of it, and those of docids over it.
    struct PlannedBuild: Sendable {
        let key: String
        let sample: PlannedSample
        let options: IndexOptions
        let cells: [PlannedCell]
        let trainings: [PlannedTraining]

        var allCells: [PlannedCell] { cells + trainings.flatMap(\.cells) }
    }

    /// The retrievers in order, those that need vectors left out where there are none and nobody asked for them.
    func chosenRetrievers() throws(StudyError) -> [String] {
        let hasVectors = options.encoder != nil
        guard let retrievers else {
            return Self.retrieverNames.filter { hasVectors || !Self.needsVectors($0) }
        }
        for name in retrievers where Self.needsVectors(name) && !hasVectors { throw .needsEncoder(retriever: name) }
        return Self.retrieverNames.filter(retrievers.contains)
    }

    static func needsVectors(_ retriever: String) -> Bool { ["dense", "docid"].contains(retriever) }

    /// Whether vectors make a difference to a retriever.
    static func usesVectors(_ retriever: String) -> Bool { needsVectors(retriever) || retriever == "merge" }
}
