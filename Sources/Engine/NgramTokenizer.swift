import Foundation
import Ranking
import Text

/// Texts as tokens of the n-gram index: a tokenizer's, and bytes for the words that it does not know.
///
/// A word that a tokenizer gives its unknown token would be the same as every other such word: a name in
/// another script, an emoji. In the n-gram index such a word is the bytes of its normalised text instead,
/// one token a byte: `vocabularySize + b` for the first byte `b`, `vocabularySize + 256 + b` for those that
/// go on with the word. Special tokens that a text spells ("[SEP]") are unknown, so that no text can end a
/// passage.
package struct NgramTokenizer: Sendable {
    package let tokenizer: Tokenizer
    private let unknown: Int32?
    /// The first token that stands for a byte.
    private let spelling: Int32

    /// Longer unknown words, in bytes of text, stay unknown: they are data, not words.
    private static let longestWord = 1024

    package init(_ tokenizer: Tokenizer) {
        self.tokenizer = tokenizer
        unknown = tokenizer.unknownID
        spelling = Int32(tokenizer.vocabularySize)
    }

    /// What may never be a key: special tokens, and the unknown one.
    package var excluded: Set<Int32> {
        Set((0..<spelling).filter { tokenizer.isSpecial($0) }).union(unknown.map { [$0] } ?? [])
    }

    package func startsWord(_ token: Int32) -> Bool {
        token >= spelling ? token < spelling + 256 : !tokenizer.isContinuation(token)
    }

    /// The tokens of a text, none of them special, and the UTF-8 bytes of the text that each stands for;
    /// all bytes of a spelled word stand for the whole of it.
    package func encode(_ text: String) -> Encoding {
        var encoding = tokenizer.encode(text, addSpecialTokens: false)
        guard let unknown else { return encoding }
        var hasUnknown = false
        for place in encoding.ids.indices {
            if tokenizer.isSpecial(encoding.ids[place]) { encoding.ids[place] = unknown }
            if encoding.ids[place] == unknown { hasUnknown = true }
        }
        return hasUnknown ? spelled(encoding, of: text, unknown) : encoding
    }

    package func tokens(_ text: String) -> [Int32] { encode(text).ids }

    private func spelled(_ encoding: Encoding, of text: String, _ unknown: Int32) -> Encoding {
        let bytes = Array(text.utf8)
        var result = Encoding()
        for (id, range) in zip(encoding.ids, encoding.offsets) {
            guard id == unknown, !range.isEmpty, range.count <= Self.longestWord else {
                result.ids.append(id)
                result.offsets.append(range)
                continue
            }
            let word = tokenizer.normalize(String(decoding: bytes[range], as: UTF8.self))
            let start = result.ids.count
            for byte in word.utf8 {
                result.ids.append(spelling + (result.ids.count == start ? 0 : 256) + Int32(byte))
                result.offsets.append(range)
            }
            guard result.ids.count == start else { continue }
            result.ids.append(id)
            result.offsets.append(range)
        }
        return result
    }

    /// The text that tokens spell.
    package func decode(_ tokens: [Int32]) -> String {
        var parts: [String] = []
        var rest = tokens[...]
        while let first = rest.first {
            let isSpelled = first >= spelling
            let run = rest.prefix {
                isSpelled ? $0 >= spelling : $0 < spelling
            }
            rest = rest.dropFirst(run.count)
            guard isSpelled else {
                parts.append(tokenizer.decode(run))
                continue
            }
            var bytes: [UInt8] = []
            for token in run {
                if token < spelling + 256, !bytes.isEmpty { bytes.append(0x20) }
                bytes.append(UInt8(truncatingIfNeeded: (token - spelling) & 0xFF))
            }
            parts.append(String(decoding: bytes, as: UTF8.self))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Tokens as a model knows them that was made for the tokenizer: a spelled word is one unknown token.
    package func known(_ tokens: some Sequence<Int32>) -> [Int32] {
        guard let unknown else { return Array(tokens) }
        var result: [Int32] = []
        for token in tokens where token < spelling + 256 { result.append(token >= spelling ? unknown : token) }
        return result
    }
}
