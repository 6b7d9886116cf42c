import Storage

/// The first stage: rewrites text, keeping track of where each byte came from.
enum Normalizer: Sendable {
    case none
    case bert(BertNormalizer)

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json, !json.isNull else {
            self = .none
            return
        }
        switch json["type"]?.string {
        case "BertNormalizer": self = .bert(try BertNormalizer(json: json))
        case let type: throw .unsupported("normalizer", type, known: "BertNormalizer")
        }
    }

    /// Appends the normal form of `text[range]`, which is valid UTF-8.
    func normalize(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into output: inout NormalizedText
    ) {
        switch self {
        case .none:
            var index = range.lowerBound
            while index < range.upperBound {
                let end = index + text.scalar(at: index).length
                for position in index..<end { output.append(text[position], from: index, to: end) }
                index = end
            }
        case .bert(let normalizer): normalizer.normalize(text, range, into: &output)
        }
    }

    /// The normal form of a whole string, as bytes.
    func normalize(_ text: String) -> [UInt8] {
        var text = text
        var output = NormalizedText()
        text.withUTF8 { normalize($0, 0..<$0.count, into: &output) }
        return output.bytes
    }
}
