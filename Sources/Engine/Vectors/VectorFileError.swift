/// Why a file of vectors cannot be taken. Rows count from 0, as where they were made.
public enum VectorFileError: Error, Sendable, Equatable {
    /// The operating system refused to open or read it.
    case unreadable(path: String, reason: String)
    /// Its name ends in none of the endings that are known.
    case unknownEnding(path: String, known: [String])
    /// It is cut short, or not what its ending says.
    case malformed(path: String, reason: String)
    /// It is sound, but not the two-dimensional array that is read here.
    case unsupported(path: String, reason: String)
    /// It has no tensor of that name, or several and none was named.
    case tensors(path: String, asked: String?, known: [String])
    /// A vector holds a number that is not finite.
    case notFinite(path: String, row: Int)
    /// A vector is all zeros, which has no direction.
    case zero(path: String, row: Int)
    /// It has not one row for each thing, and rows are all there is to go by.
    case count(path: String, rows: Int, expected: Int, of: Kind, in: String, badLines: Int)
    /// Things without a vector, in a file that has ids.
    case missing(path: String, count: Int, first: String, of: Kind, in: String)
    /// Ids of nothing.
    case unknown(path: String, count: Int, first: String, of: Kind, in: String)
    /// Its vectors have another length than those of an index.
    case width(path: String, own: Int, expected: Int, index: String)
    /// More than the one vector of a query.
    case several(path: String, rows: Int)

    /// What vectors are of.
    public enum Kind: String, Sendable {
        case passage, query
    }
}

extension VectorFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unreadable(let path, let reason): return "\(path): cannot be read: \(reason)"
        case .unknownEnding(let path, let known):
            return "\(path): a file of vectors ends in \(Self.joined(known))"
        case .malformed(let path, let reason), .unsupported(let path, let reason): return "\(path): \(reason)"
        case .tensors(let path, nil, let known):
            return known.isEmpty
                ? "\(path): it has no tensor"
                : "\(path): it has \(known.count) tensors; name one as \(path):\(known[0])"
        case .tensors(let path, let asked?, let known):
            return "\(path): there is no tensor \(asked)"
                + (known.isEmpty ? "" : "; there are \(known.prefix(20).joined(separator: ", "))")
        case .notFinite(let path, let row):
            return "\(path): the vector of row \(row), counted from 0, holds a number that is not finite"
        case .zero(let path, let row):
            return "\(path): the vector of row \(row), counted from 0, is all zeros, which has no direction"
        case .count(let path, let rows, let expected, let kind, let source, let bad):
            return "\(path): it has \(rows) vectors, and \(source) has \(expected) \(Self.plural(kind, expected))"
                + (bad > 0 ? " and \(bad) bad line\(bad == 1 ? "" : "s"), of which no vector is expected" : "")
        case .missing(let path, let count, let first, let kind, let source):
            return count == 1
                ? "\(path): it has no vector of the \(kind.rawValue) \"\(first)\" of \(source)"
                : "\(path): it has no vectors of \(count) \(Self.plural(kind, count)) of \(source), the first is \"\(first)\""
        case .unknown(let path, let count, let first, let kind, let source):
            return count == 1
                ? "\(path): it has a vector of \"\(first)\", which is no \(kind.rawValue) of \(source)"
                : "\(path): it has vectors of \(count) ids that are no \(Self.plural(kind, count)) of \(source), the first is \"\(first)\""
        case .width(let path, let own, let expected, let index):
            return "\(path): its vectors have \(own) numbers, those of \(index) \(expected)"
        case .several(let path, let rows): return "\(path): it has \(rows) vectors; a query has one"
        }
    }

    private static func plural(_ kind: Kind, _ count: Int) -> String {
        count == 1 ? kind.rawValue : kind == .query ? "queries" : "passages"
    }

    private static func joined(_ endings: [String]) -> String {
        endings.dropLast().joined(separator: ", ") + " or " + (endings.last ?? "")
    }
}
