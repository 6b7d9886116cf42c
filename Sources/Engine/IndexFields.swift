import Fields
import IndexStore
import Memory
import Ranking
import Search
import Storage
import Synchronization

extension FieldTable: SegmentComponent {
    public static let id: ComponentID = "fields"
    public static let fileKind = "fields"
}

/// The fields of all segments, and the filters that were asked for last.
package struct IndexFields: LoadedOnce {
    /// Nil for a segment whose passages have no fields.
    private let tables: [FieldTable?]
    private let sizes: [Int]
    private let places: SegmentPlaces
    private let living: PassageFilter
    private let known = Cache()
    /// Of all fields that can be filtered by, sorted.
    package let names: [String]

    package init(loading index: IndexReader) throws {
        let segments = index.snapshot.segments
        tables = try segments.map { $0.has(FieldTable.self) ? try $0.component(FieldTable.self) : nil }
        sizes = segments.map(\.record.passages)
        places = index.places
        living = try index.living()
        names = Set(tables.compactMap { $0?.names }.joined()).sorted()
    }

    /// The passages that are not deleted and pass a filter.
    ///
    /// - Throws: ``EngineError/unknownField(_:known:)``; `StorageError` where a file is damaged.
    package func passing(_ filter: FieldFilter?) throws -> PassageFilter {
        guard let filter else { return living }
        if let known = known.filter(filter) { return known }
        try check(filter.names)
        let passing = PassageFilter(
            try tables.enumerated().map { segment, table in
                try table?.passages(filter) ?? FieldTable.passages(filter, ofEmpty: sizes[segment])
            }, sizes: sizes
        ).intersection(living)
        known.add(filter, passing)
        return passing
    }

    private func check(_ names: some Sequence<String>) throws(EngineError) {
        for name in names.sorted() where !self.names.contains(name) { throw .unknownField(name, known: self.names) }
    }

    /// A passage's fields as JSON; empty where it has none.
    package func json(of passage: PassageIndex) throws -> String {
        let (segment, place) = places.locate(passage)
        return try tables[segment]?.json(of: Int(place)) ?? ""
    }

    /// How often each value of a field occurs among passages: count falling, then value rising.
    ///
    /// - Throws: ``EngineError/unknownField(_:known:)``.
    package func counts(of name: String, in passages: some Sequence<PassageIndex>) throws -> [FieldCount] {
        try check([name])
        var counts = FieldCounts()
        for passage in passages {
            let (segment, place) = places.locate(passage)
            if let table = tables[segment] { counts.add(table, name, passage: Int(place)) }
        }
        return counts.sorted()
    }

    /// Filters that were asked for last, so that a server or a batch builds each once.
    private final class Cache: Sendable {
        private static let capacity = 16
        private let entries = Mutex<[(filter: FieldFilter, passing: PassageFilter)]>([])

        func filter(_ filter: FieldFilter) -> PassageFilter? {
            entries.withLock { entries in
                guard let place = entries.firstIndex(where: { $0.filter == filter }) else { return nil }
                let entry = entries.remove(at: place)
                entries.append(entry)
                return entry.passing
            }
        }

        func add(_ filter: FieldFilter, _ passing: PassageFilter) {
            entries.withLock { entries in
                entries.removeAll { $0.filter == filter }
                if entries.count == Self.capacity { entries.removeFirst() }
                entries.append((filter, passing))
            }
        }
    }
}

extension IndexReader {
    /// The passages that are not deleted and pass a filter.
    ///
    /// - Throws: ``EngineError/unknownField(_:known:)``; `StorageError` where a file is damaged.
    public func passing(_ filter: FieldFilter?) throws -> PassageFilter {
        try filter == nil ? living() : value(IndexFields.self).passing(filter)
    }

    /// The names of the fields that passages can be filtered by.
    public func fieldNames() throws -> [String] { try value(IndexFields.self).names }
}
