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
        }
    }
}
