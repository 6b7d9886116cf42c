import Docids
import Engine
import FMIndex
import Foundation
import Memory
import Ranking
import Storage
import Tensors
import Transformers

/// Estimates the fusion weights of an index from its own pseudo-queries.
///
/// The passages that pseudo-queries were taken from are indexed anew without them, beside a sample
/// of all others, and the retrievers run over that small index as they would for a user.
struct FusionCalibration {
    let options: IndexOptions
    let vocabulary: PassageTokenizer
    let encoder: SentenceEncoder?
    let source: BuiltPassages
    /// The generator that the weights are for; nil is the untrained one.
    var generator: GeneratorModel?
    /// The constants that searches with it have.
    var tuning: KeyTuning?
    /// What gives queries their vectors; nil where `encoder` does.
    var queryEncoder: StoredQueryEncoder?
    /// A folder for the small index's files.
    let workspace: AtomicDirectory

    /// The most passages in the small index.
    static let sampleSize = 20_000

    func run(clock: StageClock) throws(IndexingError) -> IndexManifest.FusionEstimate {
        let kinds = RetrieverKind.allCases.filter { encoder != nil || !$0.needsEncoder }
        do {
            let queries = try PseudoQueries(
                count: options.pseudoQueries, documents: source.count, seed: options.seed
            ) { try source.passage($0) }
            guard !queries.items.isEmpty else {
                return .init(weights: Fusion.uniform(kinds).weights, pseudoQueries: 0, objective: 0)
            }
            let (segment, positions) = try makeSegment(queries)
            let queryEncoder = QueryEncoder(
                tokenizer: vocabulary.tokenizer, encoder: encoder, trained: self.queryEncoder)
            let trained = generator.flatMap { TrainedGenerator($0, marks: segment.marks, tuning: tuning ?? .usual) }
            var estimator = FusionEstimator(kinds: kinds)
            for (position, item) in queries.items.enumerated() {
                guard let document = positions[item.document],
                    let query = try? queryEncoder.encode(item.query)
                else { continue }
                let found = segment.retrieve(
                    query, kinds: kinds, depth: 100, options: SearchOptions(), generator: trained)
                estimator.add(found.lists, relevant: document, family: "\(item.kind)")
                try clock.update(
                    count: position + 1, fraction: Double(position + 1) / Double(queries.items.count))
            }
            let (weights, objective) = estimator.estimate()
            return .init(weights: weights, pseudoQueries: estimator.count, objective: objective)
        } catch let error as IndexingError {
            throw error
        } catch let error as StorageError {
            throw .storage(error)
        } catch {
            throw .other(error.fileReason)
        }
    }

    /// The small index, and where the passages of pseudo-queries stand in it.
    private func makeSegment(
        _ queries: PseudoQueries
    ) throws -> (segment: SegmentSet, positions: [Int: Int32]) {
        let changed = Dictionary(uniqueKeysWithValues: queries.items.map { ($0.document, $0) })
        let sample = sampledDocuments(always: Set(changed.keys))
        var tokens = FMIndexBuilder(
            documentEnd: vocabulary.documentEnd, titleEnd: vocabulary.titleEnd)
        var terms = SparseIndexBuilder(analyzer: options.analyzer)
        var positions: [Int: Int32] = [:]
        var rewritten: [(row: Int, tokens: [Int32])] = []
        for (row, document) in sample.enumerated() {
            let (title, text): (String, String)
            if let item = changed[document] {
                (title, text) = (item.title, item.text)
                positions[document] = Int32(row)
            } else {
                (title, text) = try source.passage(document)
            }
            let titleTokens = vocabulary.tokens(title)
            let bodyTokens = vocabulary.tokens(text)
            tokens.add(title: titleTokens, body: bodyTokens)
            terms.add(title: title, text: text)
            if changed[document] != nil { rewritten.append((row, titleTokens + bodyTokens)) }
        }
        let path = workspace.path("calibration.gnr")
        try terms.write(to: path)
        let sparse = try SparseIndex(Container(path: path, kind: SparseIndex.fileKind))
        try FileManager.default.removeItem(atPath: path)
        var segment = Segment(
            ngram: Segment.ngramRetriever(try tokens.build(), tokenizer: vocabulary.tokenizer),
            sparse: sparse, dense: nil, tree: nil, quantised: nil)
        if let encoder, let dimension = source.dimension {
            let small = vectors(sample, rewritten, encoder: encoder, dimension: dimension)
            let tree = DocidTreeBuilder(
                fanout: options.fanout, leafSize: options.leafSize, seed: options.seed
            ).build(vectors: small.vectors, dimension: small.dimension)
            segment.dense = small
            segment.tree = DocidRetriever(tree: tree, dense: small)
        }
        return (SegmentSet([segment]), positions)
    }

    /// All passages when they are few, else a seeded sample that holds those of pseudo-queries.
    private func sampledDocuments(always: Set<Int>) -> [Int] {
        guard source.count > Self.sampleSize else { return Array(0..<source.count) }
        var random = SeededGenerator(seed: options.seed &+ 1)
        var chosen = always
        while chosen.count < Self.sampleSize { chosen.insert(Int.random(in: 0..<source.count, using: &random)) }
        return chosen.sorted()
    }

    /// The sample's vectors: those at hand, but encoded anew where the passage lost its query.
    private func vectors(
        _ sample: [Int], _ rewritten: [(row: Int, tokens: [Int32])], encoder: SentenceEncoder,
        dimension: Int
    ) -> DenseIndex {
        let fresh = encoder.encodeAll(tokens: rewritten.map { encoder.framed(NgramTokenizer(encoder.tokenizer).known($0.tokens)) })
        let vectors = FrozenArray<Float>(count: sample.count * dimension) { buffer in
            for (row, document) in sample.enumerated() {
                source.copyVector(
                    document,
                    to: UnsafeMutableBufferPointer(rebasing: buffer[row * dimension..<(row + 1) * dimension]))
            }
            for (position, item) in rewritten.enumerated() {
                for (i, value) in fresh.row(position).enumerated() { buffer[item.row * dimension + i] = value }
            }
        }
        return DenseIndex(vectors: vectors, dimension: dimension)
    }
}
