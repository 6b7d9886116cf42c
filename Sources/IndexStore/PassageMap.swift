import Memory
import Search
import Storage

/// From the passages as a part counts them to those of a snapshot: a part may be older than some of its segments, and
/// passages move when segments are written anew.
public struct PassageMap: Sendable {
    /// For each passage of the part its place in the snapshot, -1 where that has it no more; nil where nothing moved.
    private let places: [Int32]?
    /// The passages that the part counts.
    public let count: Int

    /// - Throws: ``StorageError`` where a file that says what moved is damaged.
    public init(_ part: PartRecord, in snapshot: IndexSnapshot) throws {
        let segments = snapshot.segments
        guard let counted = part.segments, counted != segments.map(\.record.counted) else {
            places = nil
            count = segments.reduce(0) { $0 + $1.record.passages }
            return
        }
        var starts: [String: Int] = [:]
        // Where each passage of a segment that is gone has gone to.
        var moved: [PassageOrigins.Origin: Int32] = [:]
        var start = 0
        for segment in segments {
            starts[segment.record.files.folder] = start
            if segment.has(PassageOrigins.self) {
                try segment.component(PassageOrigins.self).forEach { moved[$1] = Int32(start + $0) }
            }
            start += segment.record.passages
        }
        let places = counted.flatMap { segment in
            (0..<Int32(segment.passages)).map { place in
                starts[segment.folder].map { Int32($0) + place }
                    ?? moved[PassageOrigins.Origin(segment: segment.folder, place: place)] ?? -1
            }
        }
        self.places = places
        count = places.count
    }

    /// The passage of the snapshot; nil where that has it no more.
    public subscript(passage: Int) -> PassageIndex? {
        guard let places else { return PassageIndex(passage) }
        return places[passage] < 0 ? nil : PassageIndex(places[passage])
    }

    public var isIdentity: Bool { places == nil }
}
