import Foundation
import IndexStore
import Search
import Storage

/// A part of the tests' own: words, a line each. All that a new part takes is here.
struct GlossaryPart: IndexPart {
    static let kind: ComponentID = "glossary"
    static let fileName = "words.txt"

    struct Description: Codable, Sendable, Equatable {
        var words: Int
    }

    let words: [String]

    var description: Description { Description(words: words.count) }

    init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        let text = try String(contentsOfFile: folder.path(Self.fileName), encoding: .utf8)
        words = text.split(separator: "\n").map(String.init)
        guard !words.isEmpty else { throw StorageError.damaged(path: folder.path(Self.fileName), what: "no word") }
    }

    /// Puts words into an index.
    static func set(_ words: [String], in index: URL, kind: ComponentID = kind) throws -> Description {
        var transaction = try IndexTransaction(index)
        let description = try transaction.install(Self.self, kind: kind) { folder, _ in
            try folder.write(Data(words.map { $0 + "\n" }.joined().utf8), as: fileName)
        }
        _ = try transaction.commit()
        return description
    }
}
