import Fields
import Foundation
import Search

extension IndexReader {
    /// A passage's fields, an object; nil where it has none.
    ///
    /// - Throws: `StorageError` where the file is damaged.
    public func fields(of passage: PassageIndex) throws -> JSONTree? {
        let text = try value(IndexFields.self).json(of: passage)
        guard !text.isEmpty else { return nil }
        // What cannot be read as values, such as a number past all bounds, is given as it stands.
        return (try? JSONDecoder().decode(JSONTree.self, from: Data(text.utf8))) ?? .string(text)
    }
}

extension PreparedSearch {
    /// The counts of fields among all that the retrievers found; nil where none are asked for.
    func facets(_ names: [String], of result: RankedResult) throws -> [SearchResponse.Facet]? {
        guard !names.isEmpty else { return nil }
        let found = Set(result.lists.flatMap { $0.passages.map(\.passage) })
        let fields = try reader.value(IndexFields.self)
        return try names.map { name in
            let counts = try fields.counts(of: name, in: found)
            return SearchResponse.Facet(
                field: name, passages: found.count,
                values: counts.map { .init(value: JSONTree($0), count: $0.count) })
        }
    }
}

extension JSONTree {
    fileprivate init(_ count: FieldCount) {
        self =
            count.isText
            ? .string(count.value)
            : (try? JSONDecoder().decode(JSONTree.self, from: Data(count.value.utf8))) ?? .string(count.value)
    }
}
