import Storage

/// GPT-2's words, and the alphabet that spells their bytes.
struct ByteLevelPreTokenizer: Sendable {
    /// GPT-2's pattern (https://github.com/openai/gpt-2/blob/master/src/encoder.py).
    private static let words = Result { () throws(TokenizerError) in
        try Pattern(
            regex: #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#)
    }

    let addsPrefixSpace: Bool
    /// Nil leaves the words as they are.
    private let pattern: Pattern?
    /// Whether bytes are spelt out; a model that takes bytes does without.
    private let spellsBytes: Bool

    init(json: JSONValue, spellsBytes: Bool) throws(TokenizerError) {
        addsPrefixSpace = json["add_prefix_space"]?.bool ?? true
        pattern = json["use_regex"]?.bool ?? true ? try ByteLevelPreTokenizer.words.get() : nil
        self.spellsBytes = spellsBytes
    }

    func apply(to cut: inout CutText) {
        let space = UInt8(ascii: " ")
        if addsPrefixSpace {
            cut.rewrite { text, word, _, output in
                if text[word.lowerBound] != space {
                    let end = word.lowerBound + text.length(at: word.lowerBound)
                    output.append(space, from: word.lowerBound, to: end)
                }
                output.append(text, word)
            }
        }
        if let pattern { cut.cut(at: pattern, .isolated, isInverted: false) }
        guard spellsBytes else { return }
        cut.rewrite { text, word, _, output in
            var index = word.lowerBound
            while index < word.upperBound {
                let end = index + text.length(at: index)
                for position in index..<end {
                    for byte in ByteLevelAlphabet.utf8[Int(text[position])] {
                        output.append(byte, from: index, to: end)
                    }
                }
                index = end
            }
        }
    }
}
