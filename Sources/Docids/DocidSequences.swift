import Memory

/// Docids as sequences of tokens that a network learns to write, one for each document.
package struct DocidSequences: Sendable {
    /// The tokens of each document's docid; no two are alike, and none is the beginning of another.
    package let sequences: [[Int32]]
    /// Tokens are below it.
    package let vocabularySize: Int

    package var longest: Int { sequences.map(\.count).max() ?? 0 }

    /// The decimal digits of a number.
    static func digits(_ number: Int, atLeast width: Int) -> [Int32] {
        var (digits, rest): ([Int32], Int) = ([], number)
        while rest > 0 || digits.count < width {
            digits.append(Int32(rest % 10))
            rest /= 10
        }
        return digits.reversed()
    }
}

extension DocidSequences {
    /// Codes with a token of their own at each level, and the place among equal ones.
    init(_ trie: DocidTrie, documents: Int, codewords: Int) {
        var most = 1
        let sequences = (0..<Int32(documents)).map { document -> [Int32] in
            let codes = trie.codes(of: document)
            let alike = trie.documents(of: trie.leaf(of: document))
            let place = alike.indices.first { alike[$0] == document } ?? 0
            most = max(most, place + 1)
            return codes.enumerated().map { Int32($0 * codewords) + $1 } + [Int32(codes.count * codewords + place)]
        }
        self.init(sequences: sequences, vocabularySize: trie.depth * codewords + most)
    }
}
