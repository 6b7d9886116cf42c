import Storage

/// The external ids of a segment's passages.
package enum PassageIDs: Sendable {
    case list(StringList)
    /// As older indexes have them.
    case table(StringTable)

    static let prefix = "ids"

    init(_ container: Container) throws(StorageError) {
        self =
            StringList.isIn(container, prefix: Self.prefix)
            ? .list(try StringList(container, prefix: Self.prefix))
            : .table(try StringTable(container, prefix: Self.prefix))
    }

    package var count: Int {
        switch self {
        case .list(let list): list.count
        case .table(let table): table.count
        }
    }

    /// The id at a place.
    package subscript(place: Int) -> String {
        switch self {
        case .list(let list): list[place]
        case .table(let table): table[place]
        }
    }

    /// The place of an id; nil where there is none.
    package func index(of id: String) -> Int? {
        switch self {
        case .list(let list): list.index(of: id)
        case .table(let table): table.index(of: id)
        }
    }

    /// Writes ids, which are distinct, in the order of the passages.
    package static func write(_ ids: [String], to writer: ContainerWriter) throws(StorageError) {
        try StringList.write(ids, to: writer, prefix: prefix)
    }
}
