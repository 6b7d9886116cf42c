/// Questions in JSON: an object a line, an array of objects or of texts, or one object of texts by
/// identifier.
///
/// An object has an identifier (`_id`, `id`, `qid`, `query_id`, `question_id` or `topic_id`, a text or a
/// number) and a text (`text`, `query`, `question`, `input` or `title`, which may be an object that has
/// one of these). One with `answers` and without an identifier, as DPR has them, is named by its place,
/// from 0.
enum TopicJSON {
    private static let identifiers = ["_id", "id", "qid", "query_id", "question_id", "topic_id"]
    private static let texts = ["text", "query", "question", "input", "title"]
    private static let answers = ["answers", "answer"]
    static let textRange = identifiers.count..<(identifiers.count + texts.count)
    private static let members = JSONLineReader(members: identifiers + texts + answers)

    /// Whether a line is one whole value.
    static func isLine(_ line: [UInt8]) -> Bool {
        line.withUnsafeBytes { bytes in
            guard let reader = try? members.read(bytes) else { return false }
            // An object that has none of the members may be one of texts by identifier.
            return reader.contains { $0 != nil } || !isDictionary(bytes)
        }
    }

    /// The question of one object.
    ///
    /// - Parameter number: its place among the questions, which names one that has answers and no
    ///   identifier; nil where it must have one.
    static func query(_ object: UnsafeRawBufferPointer, number: Int?) throws(LineFault) -> Query {
        let values = try read(object)
        let id: Identifier
        switch values[..<identifiers.count].lazy.compactMap({ $0 }).first {
        case .string(let text), .number(let text): id = Identifier(text)
        case nil where number != nil && values[textRange.upperBound...].contains(where: { $0 != nil }):
            id = "\(number ?? 0)"
        default: throw LineFault("missing id, expected one of \(identifiers.joined(separator: ", "))")
        }
        guard !id.isEmpty else { throw LineFault("missing id") }
        return Query(id: id, text: try text(object, values[textRange]))
    }

    /// The first text among the members; an object in its place is looked into once.
    static func text(
        _ object: UnsafeRawBufferPointer, _ values: ArraySlice<JSONLineValue?>, isNested: Bool = false
    ) throws(LineFault) -> String {
        for (name, value) in zip(texts, values) {
            switch value {
            case .string(let text), .number(let text): return text
            case .other("an object") where !isNested:
                guard let inner = try member(name, of: object) else { continue }
                return try text(inner, try read(inner)[textRange], isNested: true)
            case .other(let kind): throw LineFault("\(name) is \(kind), expected a text")
            case nil: continue
            }
        }
        throw LineFault("missing text, expected one of \(texts.joined(separator: ", "))")
    }

    static func read(_ object: UnsafeRawBufferPointer) throws(LineFault) -> [JSONLineValue?] {
        do throws(JSONLineError) {
            return try members.read(object)
        } catch {
            throw LineFault(error.description)
        }
    }
}
