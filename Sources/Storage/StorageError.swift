/// What can go wrong with a file of an index. Each case carries where.
public enum StorageError: Error, Equatable, CustomStringConvertible {
    /// The operating system refused; `reason` is its own words.
    case io(path: String, reason: String)
    /// The file is not one of genret's, or of another kind than asked for.
    case wrongKind(path: String, expected: String)
    /// The file is of a format version outside the supported range.
    case unsupportedVersion(path: String, found: UInt32, supported: ClosedRange<UInt32>)
    /// The file is cut, altered or contradicts itself.
    case damaged(path: String, what: String)
    /// There is no index at the path.
    case noIndex(path: String, reason: String)
    /// The index is of another format.
    case unsupportedFormat(path: String, found: Int, supported: ClosedRange<Int>)
    /// Another process is changing the index: its number, where it is known.
    case locked(path: String, holder: Int32?)
    /// The file is whole, but not the one that the index's manifest names.
    case foreign(path: String)

    public var description: String {
        switch self {
        case .io(let path, let reason):
            "\(path): \(reason)"
        case .wrongKind(let path, let expected):
            "\(path): not a genret file of kind \"\(expected)\""
        case .unsupportedVersion(let path, let found, let supported):
            "\(path): format version \(found), but this genret reads \(supported.lowerBound) to \(supported.upperBound); rebuild the index or use the genret that wrote it"
        case .damaged(let path, let what):
            "\(path): damaged (\(what)); rebuild the index from its corpus"
        case .noIndex(let path, let reason):
            "\(path): no genret index there (\(reason))"
        case .unsupportedFormat(let path, let found, let supported):
            "\(path): index format \(found), but this genret reads \(supported.lowerBound) to \(supported.upperBound); rebuild the index"
        case .locked(let path, let holder):
            "\(path): another process\(holder.map { " (\($0))" } ?? "") is changing this index; try again when it has ended"
        case .foreign(let path):
            "\(path): not the file that the index was written with; restore it, or rebuild the index"
        }
    }
}
