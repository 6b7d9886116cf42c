import Foundation
import Genret

/// A part of one's own: words, a line each.
struct Glossary: IndexPart {
    static let kind: ComponentID = "glossary"

    struct Description: Codable, Sendable, Equatable {
        var words: Int
    }

    let words: [String]

    var description: Description { Description(words: words.count) }

    init(_ folder: PartFolder, in environment: PartEnvironment) throws {
        let path = folder.path("words.txt")
        words = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
        guard !words.isEmpty else { throw StorageError.damaged(path: path, what: "no word") }
    }
}
