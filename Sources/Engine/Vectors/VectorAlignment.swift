import Corpora

/// Finds the rows of things that come one after the other, by their ids where the rows have some and else by their order, and says in
/// the end what does not fit together.
package struct VectorAlignment {
    private let vectors: ImportedVectors
    private let kind: VectorFileError.Kind
    private var count = 0
    private var found: [Bool]
    private var missing: (count: Int, first: String)?

    package init(_ vectors: ImportedVectors, of kind: VectorFileError.Kind) {
        (self.vectors, self.kind) = (vectors, kind)
        found = Array(repeating: false, count: vectors.hasIDs ? vectors.count : 0)
    }

    /// The row of the next thing; nil where there is none, which ``finish(in:badLines:)`` says.
    @discardableResult
    package mutating func row(of id: Identifier) -> Int? {
        defer { count += 1 }
        guard vectors.hasIDs else { return count < vectors.count ? count : nil }
        guard let row = vectors.row(of: id) else {
            missing = ((missing?.count ?? 0) + 1, missing?.first ?? "\(id)")
            return nil
        }
        found[row] = true
        return row
    }

    /// - Parameters:
    ///   - source: what the things come from, as people call it.
    ///   - badLines: of it, which gave no thing.
    /// - Throws: ``VectorFileError/count(path:rows:expected:of:in:badLines:)``, or where there are ids
    ///   ``VectorFileError/missing(path:count:first:of:in:)`` or ``VectorFileError/unknown(path:count:first:of:in:)``.
    package func finish(in source: String, badLines: Int = 0) throws(VectorFileError) {
        if !vectors.hasIDs, count != vectors.count {
            throw .count(
                path: vectors.path, rows: vectors.count, expected: count, of: kind, in: source, badLines: badLines)
        }
        if let missing {
            throw .missing(path: vectors.path, count: missing.count, first: missing.first, of: kind, in: source)
        }
        if let first = found.firstIndex(of: false) {
            throw .unknown(
                path: vectors.path, count: found.count { !$0 }, first: "\(vectors.id(of: first))", of: kind, in: source)
        }
    }
}
