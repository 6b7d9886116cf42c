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

/// Where the passages of segments come from: a corpus, or segments that are written anew.
protocol SegmentSource: ~Copyable {
    /// Whether a passage is left for another segment.
    var hasMore: Bool { get }

    /// Writes the ids, texts and terms of the next segment's passages.
    ///
    /// - Returns: their tokens.
    mutating func readSegment(_ draft: SegmentDraft, clock: WorkClock) throws -> FMIndexBuilder
}

/// Writes segments: what a source reads, the n-gram index, and the files of all stages.
struct SegmentWriter {
    let options: IndexOptions
    /// The stages after reading, in order.
    let stages: [any SegmentStage]
    let clock: WorkClock
    /// What the n-gram index holds, and what it takes a token.
    private(set) var ngramProfile = NgramProfile.fast
    private var bytes = 0
    private var tokens = 0

    var ngramBytesPerToken: Double { Double(bytes) / Double(max(1, tokens)) }

    init(_ options: IndexOptions, stages: [any SegmentStage], clock: WorkClock) {
        (self.options, self.stages, self.clock) = (options, stages, clock)
    }

    /// Writes segments until the source has no more passages.
    mutating func writeAll<Source: SegmentSource & ~Copyable>(
        _ source: inout Source, to transaction: inout IndexTransaction
    ) throws {
        try clock.begin("reading", unit: "passages")
        repeat {
            if tokens > 0 { try clock.begin("reading", unit: "passages") }
            let draft = SegmentDraft(try transaction.stage(), stamp: transaction.manifest.map { SegmentStamp($0) })
            var read = try source.readSegment(draft, clock: clock)
            draft.tokens = read.tokenCount
            try writeNgrams(&read, draft)
            for stage in stages { try stage.write(draft, clock) }
            try transaction.addSegment(
                draft.folder, passages: draft.passages, tokens: draft.tokens, ages: draft.ages)
            tokens += draft.tokens
            bytes += draft.ngramBytes
            if let profile = draft.ngramProfile { ngramProfile = profile }
        } while source.hasMore
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
