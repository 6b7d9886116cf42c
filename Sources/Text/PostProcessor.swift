import Storage

/// The last stage: the special tokens before and after a single text, and trimmed offsets.
struct PostProcessor: Sendable {
    private(set) var before: [Int32] = []
    private(set) var after: [Int32] = []
    /// How the spaces that byte-level tokens cover are taken out of their offsets, in order.
    private(set) var trimmings: [OffsetTrimming] = []
    /// The types of the parts as the file names them.
    private(set) var names: [String] = []

    /// A sequence of more parts is refused.
    private static let mostParts = 16

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json, !json.isNull else { return }
        try add(json)
    }

    private mutating func add(_ json: JSONValue) throws(TokenizerError) {
        guard names.count < PostProcessor.mostParts else {
            throw TokenizerError(.unsupported, "more than \(PostProcessor.mostParts) post_processors")
        }
        let type = json["type"]?.string
        switch type {
        case "Sequence":
            guard let parts = json["processors"]?.array else {
                throw .malformed("post_processor.processors must be a list")
            }
            for part in parts { try add(part) }
            return
        case "TemplateProcessing":
            let (first, last) = try PostProcessor.template(json)
            before = first + before
            after += last
        case "BertProcessing": try addEnds(json)
        case "RobertaProcessing":
            if json["trim_offsets"]?.bool ?? true { addTrimming(json) }
            try addEnds(json)
        case "ByteLevel":
            if json["trim_offsets"]?.bool ?? true { addTrimming(json) }
        default:
            throw .unsupported(
                "post_processor", type,
                known: "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel or Sequence")
        }
        if let type { names.append(type) }
    }

    private mutating func addEnds(_ json: JSONValue) throws(TokenizerError) {
        before.insert(try PostProcessor.id(json["cls"]?.array?.last, "cls"), at: 0)
        after.append(try PostProcessor.id(json["sep"]?.array?.last, "sep"))
    }

    private mutating func addTrimming(_ json: JSONValue) {
        trimmings.append(
            OffsetTrimming(
                keepsPrefixSpace: json["add_prefix_space"]?.bool ?? true,
                tokensBefore: before.count))
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
