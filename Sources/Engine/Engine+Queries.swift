import Foundation
import Storage

extension Engine {
    /// The queries that a maker made of this index's passages; nil where the manifest names none.
    ///
    /// - Throws: ``EngineError`` when the file is missing or damaged.
    public func passageQueries(_ maker: String) throws(EngineError) -> PassageQueries? {
        guard let described = manifest.queries?.first(where: { $0.maker == maker }) else { return nil }
        do throws(StorageError) {
            let container = try Container(path: queryFile(maker), kind: PassageQueries.fileKind)
            let queries = try PassageQueries(container, documentCount: count)
            guard queries.count == described.count else {
                throw .damaged(path: container.path, what: "it has \(queries.count) queries, the manifest says \(described.count)")
            }
            return queries
        } catch {
            throw .storage(error)
        }
    }

    /// The path of a maker's queries.
    func queryFile(_ maker: String) -> String {
        URL(filePath: path).appending(path: IndexLayout.queries(maker)).path
    }

    /// A passage's index by its external id; nil where there is none.
    public func document(withID id: String) -> Int32? {
        for (segment, stored) in stored.enumerated() {
            if let local = stored.ids.index(of: id) {
                return segments.places.global(Int32(local), in: segment)
            }
        }
        return nil
    }
}
