/// Why cells cannot be read.
package enum StudyError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A line is not a cell; `expected` is what would stand there.
    case badLine(path: String, line: Int, expected: String)
    case unreadable(path: String, reason: String)
    /// The file has no cells.
    case empty(path: String)

    package var description: String {
        switch self {
        case .badLine(let path, let line, let expected): "\(path):\(line): \(expected)"
        case .unreadable(let path, let reason): "\(path): cannot be read: \(reason)"
        case .empty(let path): "\(path): has no cells; expected one JSON object a line"
        }
    }
}
