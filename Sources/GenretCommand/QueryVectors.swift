import Corpora
import Engine
import IndexStore

/// The vectors that queries bring, from a file.
enum QueryVectors {
    /// The vector of each query of a file.
    ///
    /// - Parameters:
    ///   - topics: what the file of queries is called.
    ///   - engine: of an index whose vectors were imported.
    /// - Throws: ``VectorFileError`` where the vectors do not fit the queries or the index.
    static func read(
        _ path: String, of queries: [Query], in topics: String, for engine: Engine
    ) throws -> [Identifier: [Float]] {
        let vectors = try read(path, for: engine)
        var alignment = VectorAlignment(vectors, of: .query)
        let rows = queries.map { (id: $0.id, row: alignment.row(of: $0.id)) }
        try alignment.finish(in: topics)
        return Dictionary(rows.compactMap { id, row in row.map { (id, vectors[$0]) } }) { first, _ in first }
    }

    /// The vector of the one query that a file has.
    static func one(_ path: String, for engine: Engine) throws -> [Float] {
        let vectors = try read(path, for: engine)
        guard vectors.count == 1 else { throw VectorFileError.several(path: path, rows: vectors.count) }
        return vectors[0]
    }

    private static func read(_ path: String, for engine: Engine) throws -> ImportedVectors {
        guard let imported = engine.manifest.vectors else { throw EngineError.vectorsNotImported(index: engine.path) }
        let vectors = try ImportedVectors.read(path)
        try vectors.checkWidth(imported.dimension, of: engine.path)
        return vectors
    }
}
