import Foundation
import Memory
import Search
import Storage

/// From the passages as a part counts them to those of a snapshot: a part may be older than some of its segments, and
/// passages move when segments are written anew.
///
/// As large as the manifest and the files that say what moved, whatever number of passages the manifest says.
public struct PassageMap: Sendable {
    /// The passages of one segment as the part counts them.
    private struct Run: Sendable {
        var start: Int
        var passages: MovedPassages
    }

    /// Nil where nothing moved.
    private let runs: [Run]?
    /// The passages that the part counts.
    public let count: Int

    /// - Throws: ``StorageError`` where a file that says what moved is damaged, or the part counts passages of a segment
    ///   that it does not have.
    public init(_ part: PartRecord, in snapshot: IndexSnapshot) throws {
        let segments = snapshot.segments
        guard let counted = part.segments, counted != segments.map(\.record.counted) else {
            runs = nil
            count = segments.reduce(0) { $0 + $1.record.passages }
            return
        }
        var places: [String: (start: Int, count: Int)] = [:]
        // Where the passages of segments that are gone have gone to.
        var moved: [String: [(from: Int32, to: Int32)]] = [:]
        var start = 0
        for segment in segments {
            places[segment.record.files.folder] = (start, segment.record.passages)
            if segment.has(PassageOrigins.self) {
                try segment.component(PassageOrigins.self).forEach { passage, origin in
                    moved[origin.segment, default: []].append((origin.place, Int32(start + passage)))
                }
            }
            start += segment.record.passages
        }
        var runs: [Run] = []
        start = 0
        for segment in counted {
            if let place = places[segment.folder] {
                guard place.count == segment.passages else {
                    throw StorageError.damaged(
                        path: snapshot.root.path, what: "\(part.kind) counts other passages of \(segment.folder)")
                }
                runs.append(Run(start: start, passages: .together(Int32(place.start))))
            } else {
                runs.append(Run(start: start, passages: MovedPassages(moved[segment.folder] ?? [])))
            }
            start += segment.passages
        }
        (self.runs, count) = (runs, start)
    }

    /// The passage of the snapshot; nil where that has it no more.
    ///
    /// - Complexity: O(log segments) where the passage's segment was not thinned out much before it was written anew.
    public subscript(passage: Int) -> PassageIndex? {
        guard let runs else { return PassageIndex(passage) }
        precondition(passage >= 0 && passage < count, "a passage that the part does not count")
        var (low, high) = (0, runs.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if runs[middle].start <= passage { low = middle } else { high = middle }
        }
        return runs[low].passages[passage - runs[low].start].map { PassageIndex($0) }
    }

    public var isIdentity: Bool { runs == nil }
}
