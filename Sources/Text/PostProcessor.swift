import Storage

/// The last stage: the special tokens before and after a single text.
struct PostProcessor: Sendable {
    let before: [Int32]
    let after: [Int32]

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json, !json.isNull else {
            before = []
            after = []
            return
        }
        switch json["type"]?.string {
        case "TemplateProcessing": (before, after) = try PostProcessor.template(json)
        case "BertProcessing":
            before = [try PostProcessor.id(json["cls"]?.array?.last, "cls")]
            after = [try PostProcessor.id(json["sep"]?.array?.last, "sep")]
        case let type:
            throw .unsupported("post_processor", type, known: "TemplateProcessing or BertProcessing")
        }
    }

    private static func template(
        _ json: JSONValue
    ) throws(TokenizerError) -> (before: [Int32], after: [Int32]) {
        guard let pieces = json["single"]?.array else {
            throw .malformed("post_processor.single must be a list")
        }
        var sides: [[Int32]] = [[]]
        for piece in pieces {
            if piece["Sequence"] != nil {
                sides.append([])
            } else if let name = piece["SpecialToken"]?["id"]?.string {
                let ids = json["special_tokens"]?[name]?["ids"]?.array
                guard let ids else { throw .malformed("post_processor: \(name) has no ids") }
                for value in ids { sides[sides.count - 1].append(try id(value, name)) }
            } else {
                throw .malformed("post_processor.single holds neither a sequence nor a special token")
            }
        }
        guard sides.count == 2 else {
            throw .malformed("post_processor.single must hold the sequence exactly once")
        }
        return (sides[0], sides[1])
    }

    private static func id(_ value: JSONValue?, _ name: String) throws(TokenizerError) -> Int32 {
        guard let id = value?.int, let id = Int32(exactly: id), id >= 0 else {
            throw .malformed("post_processor: \(name) has no token number")
        }
        return id
    }
}
