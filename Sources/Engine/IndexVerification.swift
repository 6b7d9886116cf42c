import Docids
import FMIndex
import IndexStore
import Memory
import Ranking
import Search
import Storage

/// Looks whether an index is what it says of itself, beyond the checksums of its files.
struct IndexVerification {
    private let index: IndexReader

    init(_ index: IndexReader) { self.index = index }

    /// - Throws: ``EngineError/mismatch(path:what:)`` with the first thing that does not fit; what opening the files throws.
    func run() throws {
        try index.checkStamps()
        try checkSegments()
        try checkIDs()
        // Parts that count passages are read against them.
        for part in index.manifest.parts { _ = try index.snapshot.folder(of: part.kind)?.passages }
    }

    private func fail(_ what: String) -> EngineError { .mismatch(path: index.path, what: what) }

    /// All segments count, cut and analyse alike, and hold what the manifest says.
    private func checkSegments() throws {
        let tokenizer = index.manifest.tokenizer
        let segments = index.snapshot.segments
        let analyzer = try segments.first?.component(SparseIndex.self).analyzer
        for segment in segments {
            let name = segment.record.files.folder
            let ngrams = try segment.component(FMIndex.self)
            guard ngrams.documentEnd == tokenizer.documentEnd, ngrams.titleEnd == tokenizer.titleEnd else {
                throw fail("the n-grams of \(name) have other marks than the tokenizer")
            }
            // Older formats know only the sum of all segments.
            guard ngrams.tokenCount == segment.record.tokens || index.manifest.format < 3 else {
                throw fail("\(name) has \(ngrams.tokenCount) tokens instead of \(segment.record.tokens)")
            }
            guard try segment.component(SparseIndex.self).analyzer == analyzer else {
                throw fail("the terms of \(name) were analysed otherwise than those of other segments")
            }
            _ = try segment.component(PassageStore.self)
            if let wanted = index.manifest.vectorDimension {
                let dense = try segment.component(DenseIndex.self)
                let dimension = dense.dimension
                guard dimension == wanted else {
                    throw fail("the vectors of \(name) have \(dimension) components")
                }
                if segment.has(SentenceCodes.self), try segment.component(SentenceCodes.self).dimension != dimension {
                    throw fail("the vectors of sentences of \(name) are of another length than those of passages")
                }
                try checkTokens(segment)
                if dense.codes == nil || segment.has(SegmentDocids.self) {
                    _ = try segment.component(SegmentDocids.self)
                }
            }
            try checkDeleted(segment)
        }
    }

    /// Token codes lie inside their file, and those of the index's own codebook have its length.
    private func checkTokens(_ segment: SegmentSnapshot) throws {
        guard segment.has(TokenCodes.self) else { return }
        let codes = try segment.component(TokenCodes.self)
        try codes.check()
        guard let coder = try index.value(IndexTokenCoder.self).coder, codes.book == coder.fingerprint else { return }
        guard codes.byteCount == coder.codebook.byteCount else {
            throw fail("the token codes of \(segment.record.files.folder) are not of its codebook's length")
        }
    }

    /// What is deleted of a segment is a part of it, passage by passage.
    private func checkDeleted(_ segment: SegmentSnapshot) throws {
        guard let record = segment.record.deleted, let living = try segment.living(),
            let ngrams = try segment.componentOfDeleted(FMIndex.self)
        else { return }
        let own = try segment.component(FMIndex.self)
        guard try segment.componentOfDeleted(SparseIndex.self)?.documentCount == record.passages,
            ngrams.tokenCount == record.tokens
        else { throw fail("what is deleted of \(segment.record.files.folder) is counted otherwise than it is") }
        for (place, passage) in living.inverted.toArray().enumerated()
        where ngrams.extract(place) != own.extract(passage) {
            throw fail("passage \(passage) of \(segment.record.files.folder) is deleted as another")
        }
    }

    /// No external id stands in two places.
    private func checkIDs() throws {
        let living = try index.living()
        var seen: Set<String> = []
        for (segment, snapshot) in index.snapshot.segments.enumerated() {
            let ids = try snapshot.component(PassageStore.self).ids
            for place in 0..<ids.count where living[segment]?.contains(place) ?? true {
                guard seen.insert(ids[place]).inserted else { throw fail("two passages have the id \"\(ids[place])\"") }
                guard ids.index(of: ids[place]) == place else {
                    throw fail("the id \"\(ids[place])\" is not found again")
                }
            }
        }
        guard seen.count == index.manifest.passages else {
            throw fail("it has \(seen.count) passages instead of \(index.manifest.passages)")
        }
    }
}
