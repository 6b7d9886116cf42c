import Memory
import Search
import Storage

/// Which passages of a segment are deleted, by their numbers there.
package struct DeletedPlaces: SegmentComponent {
    package static let id: ComponentID = "deleted"
    package static let fileKind = "deleted-passages"

    /// Rising.
    package let places: [Int]

    package var passageCount: Int { places.count }

    package init(_ container: Container) throws {
        let stored = try container.section("deleted.places", of: UInt32.self).toArray()
        guard zip(stored, stored.dropFirst()).allSatisfy({ $0 < $1 }) else {
            throw StorageError.damaged(path: container.path, what: "the deleted passages are out of order")
        }
        places = stored.map { Int($0) }
    }

    /// - Parameter places: rising.
    package static func write(_ places: [Int], to writer: ContainerWriter) throws(StorageError) {
        try writer.write("deleted.places", places.map { UInt32($0) })
        try writer.finish()
    }
}
