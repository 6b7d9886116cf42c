import Storage

/// The second stage: cuts normalised text into words, which tokens never cross.
enum PreTokenizer: Sendable {
    case none
    case bert(BertPreTokenizer)

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json, !json.isNull else {
            self = .none
            return
        }
        switch json["type"]?.string {
        case "BertPreTokenizer": self = .bert(BertPreTokenizer())
        case let type: throw .unsupported("pre_tokenizer", type, known: "BertPreTokenizer")
        }
    }

    /// Appends the ranges of the words of `text[range]`, none of them empty.
    func split(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into words: inout [Range<Int>]
    ) {
        switch self {
        case .none: if !range.isEmpty { words.append(range) }
        case .bert(let preTokenizer): preTokenizer.split(text, range, into: &words)
        }
    }
}
