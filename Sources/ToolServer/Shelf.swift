import Engine
import Foundation
import Search
import Serving

/// What tools are offered for, and how.
public struct ToolOptions: Sendable {
    /// What `url` says of a passage; `{id}` and `{index}` stand for its own, percent-encoded.
    public var urlTemplate = "genret:///{index}/{id}"
    public var maxHits = 50
    /// What the indexes hold, in the words of who offers them.
    public var description: String?
    /// Leaves out what some clients cannot read: schemas of answers, and answers besides their text.
    public var isPlain = false
    public var explains = false
    public var workers = 2
    public var limits = ServingLimits.network
    public var version = ""

    public init() {}
}

/// The indexes that tools search, and how their passages are named.
struct Shelf: Sendable {
    let indexes: [ServedIndex]
    let options: ToolOptions

    /// With one index there is nothing to choose.
    var chooses: Bool { indexes.count > 1 }

    /// The argument that chooses.
    var choice: [Schema.Member] {
        chooses
            ? [Schema.Member("index", .oneOf(indexes.map(\.name)), "Which index is asked.", required: true)] : []
    }

    func index(_ arguments: ToolArguments) throws(Problem) -> ServedIndex {
        let name = chooses ? try arguments.text("index") : nil
        guard let index = name == nil ? indexes.first : indexes.first(where: { $0.name == name }) else {
            throw Problem(
                .unknownIndex, "there is no such index; there are \(indexes.map(\.name).joined(separator: ", "))")
        }
        return index
    }

    func url(of id: String, in index: ServedIndex) -> String {
        options.urlTemplate.replacing("{index}", with: Self.encoded(index.name)).replacing(
            "{id}", with: Self.encoded(id))
    }

    private static func encoded(_ text: String) -> String {
        var allowed = CharacterSet.alphanumerics.intersection(CharacterSet(charactersIn: "\u{0}"..."\u{7F}"))
        allowed.insert(charactersIn: "-._~")
        return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? text
    }

    /// What the indexes hold, in a sentence.
    var contents: String {
        if let description = options.description { return description }
        return indexes.map { index in
            // A client waits for its greeting only so long: no model is loaded for it.
            let examples = ((try? index.engine.examples()) ?? []).prefix(3).map { "\"\(Self.clean($0))\"" }
            let count = "\(index.engine.count) passages"
            return (chooses ? "\(index.name): " : "") + count
                + (examples.isEmpty ? "" : ", for example \(examples.joined(separator: ", "))")
        }.joined(separator: "; ")
    }

    /// Without characters that only terminals read.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.filter { !isControl($0) }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F...0x9F).contains(scalar.value)
    }
}
