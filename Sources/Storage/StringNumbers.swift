/// Distinct strings numbered 0..<count, both ways, as a file has them.
package enum StringNumbers: Sendable {
    case list(StringList)
    /// As indexes from before 0.2 have them.
    case table(StringTable)

    /// Opens what was written under `prefix`.
    package init(_ container: Container, prefix: String) throws(StorageError) {
        self =
            StringList.isIn(container, prefix: prefix)
            ? .list(try StringList(container, prefix: prefix)) : .table(try StringTable(container, prefix: prefix))
    }

    package var count: Int {
        switch self {
        case .list(let list): list.count
        case .table(let table): table.count
        }
    }

    /// The string with a number.
    package subscript(number: Int) -> String {
        switch self {
        case .list(let list): list[number]
        case .table(let table): table[number]
        }
    }

    /// The number of a string; nil where it has none.
    package func index(of string: String) -> Int? {
        switch self {
        case .list(let list): list.index(of: string)
        case .table(let table): table.index(of: string)
        }
    }

    /// The number of a string that is given by its bytes; nil where it has none.
    package func index(ofUTF8 bytes: UnsafeBufferPointer<UInt8>) -> Int? {
        switch self {
        case .list(let list): list.index(ofUTF8: bytes)
        case .table(let table): table.index(ofUTF8: bytes)
        }
    }
}
