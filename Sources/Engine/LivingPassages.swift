import FMIndex
import IndexStore
import Memory
import Ranking
import Search

/// The passages of an index that are not deleted: what a search without any other filter may find.
public struct LivingPassages: LoadedOnce {
    public let filter: PassageFilter

    /// - Throws: `StorageError` where what is deleted cannot be told.
    public init(loading index: IndexReader) throws {
        let segments = index.snapshot.segments
        filter = PassageFilter(try segments.map { try $0.living() }, sizes: segments.map(\.record.passages))
    }
}

extension IndexReader {
    /// The passages that are not deleted.
    public func living() throws -> PassageFilter { try value(LivingPassages.self).filter }

    /// The same as places, rising.
    package func livingPlaces() throws -> [Int32] {
        let living = try living()
        return snapshot.segments.indices.flatMap { segment in
            let all = 0..<snapshot.segments[segment].record.passages
            return all.filter { living[segment]?.contains($0) ?? true }
                .map { places.global(Int32($0), in: segment).rawValue }
        }
    }

    /// A component over the deleted passages alone, of every segment that has some.
    package func componentsOfDeleted<Component: SegmentComponent>(_ type: Component.Type) throws -> [Component] {
        try snapshot.segments.compactMap { try $0.componentOfDeleted(type) }
    }
}
