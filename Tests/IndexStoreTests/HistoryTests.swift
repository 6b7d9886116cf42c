import IndexStore
import Search
import Testing

/// What a manifest tells of passages that came and left.
@Suite struct HistoryTests {
    @Test("Of an index whose passages never changed none came or left, whatever the generation") func still() {
        var manifest = IndexManifest(
            genret: "", corpus: .init(format: "", sha256: "", badLines: 0),
            tokenizer: .init(fingerprint: "", source: "corpus", documentEnd: 1, titleEnd: 2), encoder: nil,
            options: .object([:]),
            segments: [.init(files: .init(folder: "segment-1", files: []), passages: 5, tokens: 9)])
        manifest.generation = 7
        #expect(!manifest.hasMoved && manifest.change(since: nil, of: nil) == (0, 0))
        manifest.segments[0].deleted = .init(files: .init(folder: "deleted-1", files: []), passages: 2, tokens: 3)
        #expect(manifest.hasMoved && manifest.change(since: nil, of: 5) == (0, 2))
        let unknown = manifest.change(since: nil, of: nil)
        #expect(unknown.came == 0 && unknown.left == nil)
        var later = SegmentRecord(files: .init(folder: "segment-2", files: []), passages: 4, tokens: 9)
        later.ages = [.init(generation: 3, passages: 4)]
        manifest.segments.append(later)
        #expect(manifest.change(since: nil, of: 5) == (4, 2) && manifest.change(since: 3, of: 9) == (0, 2))
    }
}
