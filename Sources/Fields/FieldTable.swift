import Memory
import Storage

/// The fields of a segment's passages: as they were read, and in columns for filters and counts.
public struct FieldTable: Sendable {
    /// So many different names have columns at most, those that come first; others are returned, but not filtered by.
    public static let maximumColumns = 1000

    public let passageCount: Int
    let columns: [FieldColumn]
    private let texts: DocumentStore
    let path: String

    /// The names of the columns, sorted.
    public var names: [String] { columns.map(\.name) }

    /// - Throws: ``StorageError`` where the file contradicts itself.
    public init(_ container: Container) throws(StorageError) {
        path = container.path
        texts = try DocumentStore(container)
        passageCount = texts.count
        columns = try FieldSections(container).columns(passageCount: texts.count)
    }

    /// The fields of a passage as one JSON object; empty where it has none.
    package func json(of passage: Int) throws(StorageError) -> String { try texts.passage(passage).text }

    /// A column; nil where no passage has such a field.
    func column(_ name: String) -> FieldColumn? {
        let place = columns.indices.partitioningIndex { !columns[$0].name.utf8.lexicographicallyPrecedes(name.utf8) }
        return place < columns.count && columns[place].name.utf8.elementsEqual(name.utf8) ? columns[place] : nil
    }
}
