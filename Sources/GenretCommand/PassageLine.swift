import Engine
import Foundation
import Search

/// A passage as a line of a BEIR corpus: `_id`, `title` and `text`, then its fields as the corpus had them.
enum PassageLine {
    private struct Head: Encodable {
        var id: String
        var title: String?
        var text: String

        enum CodingKeys: String, CodingKey { case id = "_id", title, text }
    }

    /// - Throws: `StorageError` where the index is damaged.
    static func bytes(of passage: PassageIndex, in index: IndexReader) throws -> Data {
        let text = try index.passage(passage)
        var line = try JSONTree.bytes(
            of: Head(id: text.id, title: text.title.isEmpty ? nil : text.title, text: text.text))
        // Not read and written again: a number would lose what no Double holds.
        let fields = try index.value(IndexFields.self).json(of: passage)
        if !fields.isEmpty {
            line.removeLast()
            line += ",\(fields.dropFirst())".utf8
        }
        return line
    }
}
