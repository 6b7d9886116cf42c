import Docids
import Engine
import FMIndex
import Foundation
import IndexStore
import Memory
import Ranking
import Storage
import Transformers

/// One file of a segment that is made of those before it: one of your own is a member of ``IndexBuilder/stages``.
public protocol SegmentStage: Sendable {
    /// Writes its file; a stage that has nothing to write for this segment writes none.
    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws
}

/// Writes the files of one segment.
struct SegmentWriter {
    let options: IndexOptions
    let encoder: SentenceEncoder?
    /// Those of the builder's owner.
    let others: [any SegmentStage]
    let clock: WorkClock

    /// The stages after reading, in order.
    private var stages: [any SegmentStage] { [VectorStage(encoder: encoder), DocidStage(options: options)] + others }

    /// Reads the next passages of the corpus and writes all that is made of them.
    func write(_ scan: inout PassageScan, to draft: SegmentDraft) throws {
        var tokens = try scan.readSegment(draft, clock: clock)
        draft.tokens = tokens.tokenCount
        try writeNgrams(&tokens, draft)
        for stage in stages { try stage.write(draft, clock) }
    }

    private func writeNgrams(_ tokens: inout FMIndexBuilder, _ draft: SegmentDraft) throws {
        var freezing = FMIndexBuilder.Options(profile: options.ngramProfile)
        freezing.progress = { stage in
            let name =
                switch stage {
                case .suffixArray: "suffix array"
                case .transform: "transform"
                case .ranks: "ranks"
                }
            try clock.begin(name, unit: "tokens")
        }
        let count = tokens.tokenCount
        freezing.update = { try clock.update(count: Int(Double(count) * $0), fraction: $0) }
        let writer = try draft.writer(FMIndex.self)
        try tokens.write(to: writer, freezing)
        try writer.finish()
        draft.ngramProfile = try draft.component(FMIndex.self).profile
        draft.ngramBytes = try Container.sections(of: writer.path).reduce(0) { $0 + $1.length }
    }
}

/// The docids that a segment's vectors give.
struct DocidStage: SegmentStage {
    let options: IndexOptions

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        guard FileManager.default.fileExists(atPath: draft.folder.path(DenseIndex.fileName)) else { return }
        let dense = try draft.component(DenseIndex.self)
        try clock.begin("docid tree", unit: "passages")
        let tree = DocidTreeBuilder(fanout: options.fanout, leafSize: options.leafSize, seed: options.seed)
            .build(vectors: dense.vectors, dimension: dense.dimension)
        try clock.begin("quantised docids", unit: "passages")
        let quantiser = ResidualQuantiser.train(
            vectors: dense.vectors, dimension: dense.dimension, levels: options.quantiserLevels,
            codewords: options.quantiserCodewords, seed: options.seed)
        let trie = DocidTrie(codes: quantiser.encode(vectors: dense.vectors), depth: quantiser.levelCount)
        try SegmentDocids(tree: tree, quantised: .init(quantiser: quantiser, trie: trie)).write(
            to: draft.writer(SegmentDocids.self))
    }
}
