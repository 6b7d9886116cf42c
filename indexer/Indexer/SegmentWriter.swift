import Docids
import Engine
import FMIndex
import Foundation
import Ranking
import Storage
import Transformers

/// What remains of a segment once its files are written.
struct BuiltSegment {
    var name: String
    var passagesPath: String
    /// Nil without an encoder.
    var vectorsPath: String?
    var tokenCount: Int
    var ngramProfile: FMIndex.Profile
    var ngramBytes: Int
}

/// Writes the files of one segment.
struct SegmentWriter {
    let name: String
    let directory: AtomicDirectory
    let options: IndexOptions
    let encoder: SentenceEncoder?
    let clock: StageClock

    private func path(_ file: String) -> String { directory.path("\(name)/\(file)") }

    /// Reads the next passages of the corpus and writes all that is made of them.
    func write(_ scan: inout PassageScan) throws -> BuiltSegment {
        try FileManager.default.createDirectory(
            at: directory.staging.appending(path: name), withIntermediateDirectories: false)
        var tokens = try scan.readSegment(
            passagesPath: path(IndexLayout.passages), termsPath: path(IndexLayout.terms), clock: clock)
        let tokenCount = tokens.tokenCount
        try writeNgrams(&tokens)
        let ngrams = try Container(
            path: path(IndexLayout.ngrams), kind: FMIndex.fileKind, verifyingSections: false)
        let index = try FMIndex(ngrams)
        var built = BuiltSegment(
            name: name, passagesPath: path(IndexLayout.passages), tokenCount: tokenCount,
            ngramProfile: index.profile, ngramBytes: ngrams.sections.reduce(0) { $0 + $1.length })
        if let encoder {
            try clock.begin(.vectors, unit: "passages")
            let vectors = try VectorStage(encoder: encoder, index: index).run(clock: clock)
            try vectors.write(to: path(IndexLayout.vectors))
            try writeDocids(vectors)
            built.vectorsPath = path(IndexLayout.vectors)
        }
        return built
    }

    private func writeNgrams(_ tokens: inout FMIndexBuilder) throws {
        var freezing = FMIndexBuilder.Options(profile: options.ngramProfile)
        freezing.progress = { stage in
            let name: IndexProgress.Stage =
                switch stage {
                case .suffixArray: .suffixArray
                case .transform: .transform
                case .ranks: .ranks
                }
            try clock.begin(name, unit: "tokens")
        }
        let count = tokens.tokenCount
        freezing.update = { try clock.update(count: Int(Double(count) * $0), fraction: $0) }
        let writer = try ContainerWriter(path: path(IndexLayout.ngrams), kind: FMIndex.fileKind)
        try tokens.write(to: writer, freezing)
        try writer.finish()
    }

    private func writeDocids(_ vectors: DenseIndex) throws {
        try clock.begin(.docidTree, unit: "passages")
        let tree = DocidTreeBuilder(fanout: options.fanout, leafSize: options.leafSize, seed: options.seed)
            .build(vectors: vectors.vectors, dimension: vectors.dimension)
        try clock.begin(.quantisedDocids, unit: "passages")
        let quantiser = ResidualQuantiser.train(
            vectors: vectors.vectors, dimension: vectors.dimension, levels: options.quantiserLevels,
            codewords: options.quantiserCodewords, seed: options.seed)
        let trie = DocidTrie(
            codes: quantiser.encode(vectors: vectors.vectors), depth: quantiser.levelCount)
        try StoredDocids(tree: tree, quantiser: quantiser, trie: trie).write(to: path(IndexLayout.docids))
    }
}
