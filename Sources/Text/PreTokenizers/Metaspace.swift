import Storage

/// SentencePiece's words: a mark in the place of every space, which begins a word.
struct Metaspace: Sendable {
    enum Prepending: String, Sendable { case always, first, never }

    let mark: Unicode.Scalar
    let prepending: Prepending
    let splits: Bool
    private let bytes: [UInt8]

    init(json: JSONValue, _ section: String) throws(TokenizerError) {
        let text = (json["replacement"]?.string ?? "\u{2581}").unicodeScalars
        guard text.count == 1, let mark = text.first else {
            throw .malformed("\(section).replacement must be one character")
        }
        self.mark = mark
        bytes = Array(String(Character(mark)).utf8)
        if let scheme = json["prepend_scheme"], !scheme.isNull {
            guard let name = scheme.string, let prepending = Prepending(rawValue: name) else {
                throw .malformed("\(section).prepend_scheme must be always, first or never")
            }
            self.prepending = json["add_prefix_space"]?.bool == false ? .never : prepending
        } else {
            // Files from before there were schemes.
            prepending = json["add_prefix_space"]?.bool == false ? .never : .always
        }
        splits = json["split"]?.bool ?? true
    }

    func apply(to cut: inout CutText) {
        let space = UInt8(ascii: " ")
        cut.rewrite { text, word, isFirst, output in
            let startsWithMark =
                text[word.lowerBound] == space
                || UnsafeBufferPointer(rebasing: text[word]).starts(with: bytes)
            if !startsWithMark, prepending == .always || prepending == .first && isFirst {
                let end = word.lowerBound + text.length(at: word.lowerBound)
                for byte in bytes { output.append(byte, from: word.lowerBound, to: end) }
            }
            var index = word.lowerBound
            while index < word.upperBound {
                if text[index] == space {
                    for byte in bytes { output.append(byte, from: index, to: index + 1) }
                    index += 1
                    continue
                }
                let end = index + text.length(at: index)
                for position in index..<end { output.append(text[position], from: index, to: end) }
                index = end
            }
        }
        guard splits else { return }
        let mark = mark.value
        cut.cut { text, word, words in
            var start = word.lowerBound
            var index = start
            while index < word.upperBound {
                // Compared by its first byte first: most scalars are something else.
                if text[index] == bytes[0], text.scalar(at: index).value == mark, index > start {
                    words.append(start..<index)
                    start = index
                }
                index += text.length(at: index)
            }
            words.append(start..<word.upperBound)
        }
    }
}
