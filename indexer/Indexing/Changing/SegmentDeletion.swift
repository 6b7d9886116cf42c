import Engine
import FMIndex
import IndexStore
import Memory
import Ranking
import Search
import Storage

/// Enters passages as deleted: which they are, and the same structures over them alone, so that counts and frequencies
/// of those that stay can be told exactly.
struct SegmentDeletion {
    private let index: IndexReader
    private let clock: WorkClock

    init(_ index: IndexReader, _ clock: WorkClock) { (self.index, self.clock) = (index, clock) }

    /// Deletes passages besides those that are deleted already.
    ///
    /// - Parameter passages: of the index as it stands, in any order.
    /// - Complexity: O(the texts of all deleted passages of the segments that are touched).
    func delete(_ passages: some Sequence<PassageIndex>, in transaction: inout IndexTransaction) throws {
        var chosen: [Int: Set<Int>] = [:]
        for passage in passages {
            let (segment, local) = index.places.locate(passage)
            chosen[segment, default: []].insert(Int(local))
        }
        guard !chosen.isEmpty else { return }
        try clock.begin("deleting", unit: "passages")
        let living = try index.living()
        for (segment, new) in chosen.sorted(by: { $0.key < $1.key }) {
            let snapshot = index.snapshot.segments[segment]
            let old = living[segment].map { $0.inverted.toArray() } ?? []
            let all = new.union(old).sorted()
            let folder = try transaction.stage()
            let tokens = try write(all, of: snapshot, to: folder)
            try transaction.setDeleted(folder, ofSegment: segment, passages: all.count, tokens: tokens)
        }
    }

    /// - Returns: the tokens of the deleted passages.
    private func write(_ places: [Int], of segment: SegmentSnapshot, to folder: StagedFolder) throws -> Int {
        let ngrams = try segment.component(FMIndex.self)
        let store = try segment.component(PassageStore.self)
        var tokens = FMIndexBuilder(
            documentEnd: ngrams.documentEnd, titleEnd: ngrams.titleEnd, queryStart: ngrams.queryStart)
        var terms = SparseIndexBuilder(analyzer: try segment.component(SparseIndex.self).analyzer)
        var buffer: [Int32] = []
        for (done, place) in places.enumerated() {
            ngrams.extract(place, into: &buffer)
            tokens.add(stored: buffer)
            let (title, text) = try store.texts.passage(place)
            terms.add(title: title, text: text)
            if done % 256 == 0 { try clock.update(count: done, fraction: Double(done) / Double(places.count)) }
        }
        try DeletedPlaces.write(places, to: folder.writer(DeletedPlaces.fileName, kind: DeletedPlaces.fileKind))
        try terms.write(to: folder.writer(SparseIndex.fileName, kind: SparseIndex.fileKind))
        let count = tokens.tokenCount
        let writer = try folder.writer(FMIndex.fileName, kind: FMIndex.fileKind)
        try tokens.write(to: writer, .init(profile: ngrams.profile))
        try writer.finish()
        return count
    }
}
