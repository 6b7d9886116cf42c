import Engine
import IndexStore
import Memory
import Ranking

/// The token codes of passages that are written anew: those that they have, byte for byte. Codes of another codebook than the index's
/// are left behind.
struct CopiedTokens: SegmentStage {
    private let copied: StoredPassages.Copied

    init(_ copied: StoredPassages.Copied) { self.copied = copied }

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        guard let coder = try copied.index.value(IndexTokenCoder.self).coder else { return }
        let stored = try copied.index.tokenCodes(of: coder)
        guard copied.passages.contains(where: { stored[$0.segment] != nil }) else { return }
        var writer = try TokenCodesWriter(draft, coder)
        for (passage, source) in copied.passages.enumerated() {
            try stored[source.segment]?.withCodes(of: Int32(source.place)) { try writer.add(Int32(passage), $0) }
        }
        try writer.finish()
    }
}
