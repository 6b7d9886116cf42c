/// Joins word pieces: a space before every token but continuations.
enum WordPieceDecoding {
    static func apply(to tokens: inout [String], prefix: String, cleanup: Bool) {
        for index in tokens.indices {
            var piece = Array(tokens[index].utf8)
            if index > 0 {
                if piece.starts(with: prefix.utf8) {
                    piece.removeFirst(prefix.utf8.count)
                } else {
                    piece.insert(UInt8(ascii: " "), at: 0)
                }
            }
            if cleanup { cleanUp(&piece) }
            tokens[index] = String(decoding: piece, as: UTF8.self)
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
