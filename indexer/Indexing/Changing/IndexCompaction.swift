import Engine
import IndexStore
import Memory
import Ranking
import Search

/// Which segments are written anew.
public enum CompactionPolicy: Sendable, Equatable {
    /// Those of which half is deleted or more; and the small ones, an eighth of the largest or less, where there are
    /// several.
    case worthwhile
    /// All, where there is more than one or something is deleted.
    case all

    /// The numbers of the segments, rising.
    func chosen(of segments: [SegmentRecord]) -> [Int] {
        switch self {
        case .all:
            return segments.count > 1 || segments.contains { $0.deleted != nil } ? Array(segments.indices) : []
        case .worthwhile:
            let halfGone = segments.indices.filter {
                2 * (segments[$0].deleted?.passages ?? 0) >= segments[$0].passages
            }
            let largest = segments.map(\.living).max() ?? 0
            let small = segments.indices.filter { 8 * segments[$0].living <= largest }
            // One small segment alone would be written as it is.
            let isWorth = small.count > 1 || !halfGone.isEmpty
            return Set(halfGone).union(isWorth ? small : []).sorted()
        }
    }
}

extension IndexChange {
    /// Writes segments anew without their deleted passages, several as one.
    ///
    /// Texts, tokens and vectors are copied: nothing is encoded, and trained parts know their passages again.
    ///
    /// - Parameter maxMemory: the memory, in bytes, to keep to; nil for no bound.
    /// - Returns: what is left; where nothing was worth it, the index as it was.
    /// - Throws: what the index throws; it is then as it was.
    public func compact(_ policy: CompactionPolicy = .worthwhile, maxMemory: Int? = nil) throws -> Report {
        try change { transaction, reader, clock, report in
            let chosen = policy.chosen(of: reader.manifest.segments)
            guard !chosen.isEmpty else { return }
            var options = IndexOptions(reader.manifest.options)
            options.maxMemory = maxMemory
            var source = try StoredPassages(
                reader, segments: chosen,
                budget: SegmentBudget(
                    maxMemory: maxMemory, dimension: reader.manifest.vectorDimension ?? 0,
                    hasSentences: options.sentenceDocids, vocabularySize: 1 << 17, tokenLimit: segmentTokenLimit))
            guard source.hasMore else { return }
            report.compacted = chosen.count
            if isDryRun { return }
            // Before others come: one of those may be what one of these was.
            let names = Set(chosen.map { reader.manifest.segments[$0].files.folder })
            transaction.removeSegments { names.contains($0.files.folder) }
            let copied = source.copied
            let coding = VectorCoding(options)
            let copying: [any SegmentStage] = [
                CopiedVectors(copied, coding), CopiedSentences(copied, coding), CopiedTokens(copied),
                OriginsStage(copied),
            ]
            var writer = SegmentWriter(options, stages: copying + stages, clock: clock)
            try writer.writeAll(&source, to: &transaction)
            try Self.keepFolder(reader.manifest, in: &transaction)
        }
    }

    /// The passages are the same, so that what is remembered of a folder holds as it held before.
    private static func keepFolder(_ before: IndexManifest, in transaction: inout IndexTransaction) throws {
        guard var said = try before.part(FolderPart.kind)?.description.decoded(as: FolderPart.Description.self),
            said.content == before.contentDigest, let now = transaction.manifest
        else { return }
        said.content = now.contentDigest
        try transaction.describe(FolderPart.kind, as: said)
    }
}
