import Storage

/// Turns tokens back into text.
enum TokenDecoder: Sendable {
    /// Tokens with a space between.
    case none
    /// Continuations join without their prefix; `cleanup` takes spaces before punctuation away.
    case wordPiece(prefix: String, cleanup: Bool)

    init(json: JSONValue?) throws(TokenizerError) {
        guard let json, !json.isNull else {
            self = .none
            return
        }
        switch json["type"]?.string {
        case "WordPiece":
            self = .wordPiece(
                prefix: json["prefix"]?.string ?? "##", cleanup: json["cleanup"]?.bool ?? true)
        case let type: throw .unsupported("decoder", type, known: "WordPiece")
        }
    }

    func decode(_ tokens: [String]) -> String {
        switch self {
        case .none: return tokens.joined(separator: " ")
        case .wordPiece(let prefix, let cleanup):
            var output = String.UnicodeScalarView()
            for (index, token) in tokens.enumerated() {
                var piece = Array(token.utf8)
                if index > 0 {
                    if piece.starts(with: prefix.utf8) {
                        piece.removeFirst(prefix.utf8.count)
                    } else {
                        piece.insert(UInt8(ascii: " "), at: 0)
                    }
                }
                if cleanup { TokenDecoder.cleanUp(&piece) }
                output.append(contentsOf: String(decoding: piece, as: UTF8.self).unicodeScalars)
            }
            return String(output)
        }
    }

    /// English contractions and punctuation, in the order in which the reference replaces them.
    private static let replacements: [(from: [UInt8], to: [UInt8])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
        (" 'm", "'m"), (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    private static func cleanUp(_ piece: inout [UInt8]) {
        for (from, to) in replacements where piece.count >= from.count {
            var index = 0
            while index + from.count <= piece.count {
                if piece[index..<index + from.count].elementsEqual(from) {
                    piece.replaceSubrange(index..<index + from.count, with: to)
                    index += to.count
                } else {
                    index += 1
                }
            }
        }
    }
}
