import Engine
import Foundation
import Search

/// A passage as a line of a BEIR corpus: its fields, with `_id`, `title` and `text`.
enum PassageLine {
    /// - Throws: `StorageError` where the index is damaged.
    static func bytes(of passage: PassageIndex, in index: IndexReader) throws -> Data {
        let text = try index.passage(passage)
        var line: [String: JSONTree] = [:]
        if case .object(let fields)? = try index.fields(of: passage) { line = fields }
        line["_id"] = .string(text.id)
        line["title"] = text.title.isEmpty ? nil : .string(text.title)
        line["text"] = .string(text.text)
        return try JSONTree.bytes(of: JSONTree.object(line))
    }
}
