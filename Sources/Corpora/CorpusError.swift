/// Why a corpus, a set of questions, judgements or a run could not be read or written.
public enum CorpusError: Error, Sendable, Hashable {
    /// There is nothing at the path.
    case notFound(path: String)
    /// The operating system refused to open or read the path.
    case unreadable(path: String, reason: String)
    /// A compressed file is cut short or broken.
    case damaged(path: String, reason: String)
    /// The content is in no format that is known here.
    case unrecognised(path: String, reason: String)
    /// Not one passage was found; the first bad line says why, where there is one.
    case empty(path: String, badLines: Int, first: BadLine?)
    /// A line is wrong and the reader does not pass over wrong lines.
    case badLine(BadLine)
    /// A line does not fit in memory.
    case overlong(SourceLine)
    /// The reader was told to give up while it waited for a pipe.
    case cancelled
    /// The same identifier stands on two lines.
    case duplicate(id: String, first: SourceLine, second: SourceLine)
    /// A file could not be written.
    case unwritable(path: String, reason: String)
    /// A value cannot be expressed in the format being written.
    case unwritableValue(String)
    /// A published collection is not what was published, and the recipe was strict.
    case differs([CorpusDifference])
    /// An option has a value that makes no sense.
    case option(String)
}

extension CorpusError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notFound(let path): "\(path): no such file or folder"
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .damaged(let path, let reason): "\(path): damaged compressed file: \(reason)"
        case .unrecognised(let path, let reason): "\(path): \(reason)"
        case .empty(let path, 0, _): "\(path): no passages found"
        case .empty(let path, let count, let first):
            "\(path): no passages found, \(count) bad line\(count == 1 ? "" : "s")"
                + (first.map { "; the first is \($0)" } ?? "")
        case .badLine(let bad): bad.description
        case .overlong(let place): "\(place): \(LineReader.overlongReason)"
        case .cancelled: "interrupted"
        case .duplicate(let id, let first, let second):
            "\(second): the identifier \"\(id)\" is already used at \(first)"
        case .unwritable(let path, let reason): "\(path): cannot be written: \(reason)"
        case .differs(let differences):
            "not what was published: " + differences.map { "\($0)" }.joined(separator: "; ")
        case .unwritableValue(let sentence), .option(let sentence): sentence
        }
    }
}
