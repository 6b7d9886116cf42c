import Engine
import FMIndex
import Fields
import IndexStore
import Memory
import Ranking
import Search
import Storage

/// Whether indexes were built alike, so that their segments can stand in one index.
struct IndexLikeness {
    private let readers: [IndexReader]
    private let paths: [String]
    private let clock: WorkClock

    init(_ readers: [IndexReader], paths: [String], _ clock: WorkClock) throws {
        (self.readers, self.paths, self.clock) = (readers, paths, clock)
    }

    /// - Throws: ``IndexingError/notAlike(path:first:what:)`` with the first thing that differs; what a file that is damaged
    ///   throws.
    func check() throws {
        try clock.begin("checking", unit: "indexes")
        let first = readers[0]
        let kind = try Kind(first)
        var passages = 0
        for (place, reader) in readers.enumerated() {
            func require(_ holds: Bool, _ what: String) throws(IndexingError) {
                guard holds else { throw .notAlike(path: paths[place], first: paths[0], what: what) }
            }
            // Every byte is read once, so that nothing damaged is copied.
            try reader.verify(isDeep: true)
            let (own, other) = (reader.manifest, first.manifest)
            try require(own.tokenizer.fingerprint == other.tokenizer.fingerprint, "tokenizer")
            try require(
                own.tokenizer.documentEnd == other.tokenizer.documentEnd
                    && own.tokenizer.titleEnd == other.tokenizer.titleEnd, "marks of passages and titles")
            try require((own.encoder == nil) == (other.encoder == nil), "encoder: only one of them has any")
            try require(
                own.encoder?.sha256 == other.encoder?.sha256 && own.encoder?.name == other.encoder?.name
                    && own.encoder?.dimension == other.encoder?.dimension, "encoder")
            try require(own.vectors == other.vectors, "length of imported vectors")
            try require(
                own.part(QueryEncoderPart.kind)?.sha256 == other.part(QueryEncoderPart.kind)?.sha256, "query encoder")
            let its = try Kind(reader)
            try require(its.analyzer == kind.analyzer, "analysis of terms")
            try require(its.queryStart == kind.queryStart, "marks of queries that passages carry")
            try require(its.files == kind.files, "files of segments")
            passages += reader.count
            try clock.update(count: place + 1, fraction: Double(place + 1) / Double(readers.count))
        }
        guard passages <= Int(Int32.max) else { throw IndexingError.tooManyPassages(count: passages) }
    }

    /// What segments are made of.
    private struct Kind {
        var analyzer: TermAnalyzer?
        var queryStart: Int32?
        var files: Set<String>

        init(_ reader: IndexReader) throws {
            let segments = reader.snapshot.segments
            analyzer = try segments.first?.component(SparseIndex.self).analyzer
            queryStart = try segments.first?.component(FMIndex.self).queryStart
            // Where passages stood before, and whether any has fields or token codes, is nobody's but the segment's own.
            files = Set(segments.first?.fileNames ?? []).subtracting([
                PassageOrigins.fileName, FieldTable.fileName, TokenCodes.fileName,
            ])
        }
    }

    /// The tokens of a segment; older formats know only the sum of all.
    static func tokens(of segment: SegmentSnapshot) throws -> Int { try segment.component(FMIndex.self).tokenCount }

    /// The passages whose ids another index has, too, and that give way, numbered as in the merged index.
    ///
    /// - Throws: ``IndexingError/passageInTwo(id:first:second:)`` where nothing is preferred.
    func outvoted(_ preference: IndexMerge.Preference?) throws -> [PassageIndex] {
        try clock.begin("comparing ids", unit: "passages")
        var owners: [String: (part: Int, place: Int)] = [:]
        var outvoted: [PassageIndex] = []
        var start = 0
        for (part, reader) in readers.enumerated() {
            let living = try reader.living()
            for (number, segment) in reader.snapshot.segments.enumerated() where segment.record.living > 0 {
                let ids = try segment.component(PassageStore.self).ids
                for place in 0..<ids.count where living[number]?.contains(place) ?? true {
                    let (id, here) = (ids[place], start + place)
                    guard let owner = owners[id] else {
                        owners[id] = (part, here)
                        continue
                    }
                    switch preference {
                    case nil:
                        throw IndexingError.passageInTwo(id: id, first: paths[owner.part], second: paths[part])
                    case .first: outvoted.append(PassageIndex(here))
                    case .last:
                        outvoted.append(PassageIndex(owner.place))
                        owners[id] = (part, here)
                    }
                }
                start += ids.count
                try clock.update(count: owners.count, fraction: nil)
            }
        }
        return outvoted
    }
}
