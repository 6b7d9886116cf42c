import Foundation

/// Makes a WordPiece `tokenizer.json` from the words of a corpus.
///
/// For machines without a trained encoder. The vocabulary holds the five special tokens, every
/// character of the corpus in its initial and its continuing form, the most frequent words, and
/// the endings that spell most of the remaining words.
package struct VocabularyBuilder: Sendable {
    /// At most this many different characters; the most frequent are kept.
    static let characterLimit = 4_000
    /// The share of the places after the characters that goes to whole words.
    static let wordShare = 0.8
    static let specialTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

    private let normalizer = BertNormalizer(.init())
    private let preTokenizer = BertPreTokenizer()
    private var words = ByteTable()
    private var counts: [UInt64] = []
    private var normalized = NormalizedText()
    private var ranges: [Range<Int>] = []
    private let mostWords: Int
    /// Of words that were forgotten: what they are spelled with must not be.
    private var characters: [UInt32: UInt64] = [:]

    /// - Parameter mostWords: how many different words are counted at a time, some 40 bytes each. Where a corpus has more, the rarest so
    ///   far are forgotten whenever they are reached (lossy counting, Manku and Motwani 2002).
    package init(mostWords: Int = 1 << 22) { self.mostWords = max(2, mostWords) }

    /// Counts the words of a text.
    package mutating func add(_ text: String) {
        var text = text
        normalized.removeAll()
        ranges.removeAll(keepingCapacity: true)
        text.withUTF8 { normalizer.normalize($0, 0..<$0.count, into: &normalized) }
        normalized.bytes.withUnsafeBufferPointer { bytes in
            preTokenizer.split(bytes, 0..<bytes.count, into: &ranges)
            for range in ranges where range.count <= 400 {
                let (number, isNew) = words.insert(UnsafeBufferPointer(rebasing: bytes[range]))
                if isNew { counts.append(1) } else { counts[number] += 1 }
            }
        }
        if counts.count > mostWords { forgetRarest() }
    }

    /// Leaves at most half of the words that may be counted.
    private mutating func forgetRarest() {
        var floor: UInt64 = 1
        while counts.count(where: { $0 > floor }) > mostWords / 2 { floor *= 2 }
        var (kept, keptCounts) = (ByteTable(), [UInt64]())
        for (number, count) in counts.enumerated() {
            guard count > floor else {
                for scalar in words.string(number).unicodeScalars { characters[scalar.value, default: 0] += count }
                continue
            }
            _ = Array(words.bytes(number)).withUnsafeBufferPointer { kept.insert($0) }
            keptCounts.append(count)
        }
        (words, counts) = (kept, keptCounts)
    }

    /// The `tokenizer.json` of a vocabulary of at most `size` tokens.
    ///
    /// The same words give the same bytes in whatever order they were added, as long as none was forgotten. A `size` too small
    /// for the special tokens and two forms of each character drops the rarest characters.
    package func build(size: Int = 30_000) -> Data {
        var tokens = VocabularyBuilder.specialTokens
        var known = Set(tokens.map { Array($0.utf8) })
        func take(_ candidates: [(bytes: [UInt8], weight: UInt64)], upTo limit: Int) {
            for candidate in VocabularyBuilder.ranked(candidates) where tokens.count < limit {
                if known.insert(candidate).inserted {
                    tokens.append(String(decoding: candidate, as: UTF8.self))
                }
            }
        }
        let size = max(size, tokens.count)
        let characters = characterCounts()
        let kept = min(VocabularyBuilder.characterLimit, (size - tokens.count) / 2)
        let ranked = VocabularyBuilder.ranked(characters).prefix(kept)
        tokens += ranked.map { String(decoding: $0, as: UTF8.self) }
        tokens += ranked.map { "##" + String(decoding: $0, as: UTF8.self) }
        known.formUnion(tokens.map { Array($0.utf8) })

        let all = counts.indices.map { (bytes: Array(words.bytes($0)), weight: counts[$0]) }
        let wordLimit = tokens.count + Int(Double(size - tokens.count) * VocabularyBuilder.wordShare)
        take(all, upTo: wordLimit)
        take(VocabularyBuilder.endings(of: all.filter { !known.contains($0.bytes) }), upTo: size)
        // A corpus with few endings leaves places for more words.
        take(all, upTo: size)
        return VocabularyBuilder.json(tokens)
    }

    private func characterCounts() -> [(bytes: [UInt8], weight: UInt64)] {
        var weights = characters
        for number in counts.indices {
            for scalar in words.string(number).unicodeScalars {
                weights[scalar.value, default: 0] += counts[number]
            }
        }
        return weights.compactMap { value, weight in
            Unicode.Scalar(value).map { (Array(String(Character($0)).utf8), weight) }
        }
    }

    /// The endings of two to eight characters, weighted by the characters they save.
    private static func endings(
        of words: [(bytes: [UInt8], weight: UInt64)]
    ) -> [(bytes: [UInt8], weight: UInt64)] {
        var table = ByteTable()
        var weights: [UInt64] = []
        for word in words {
            var characters = 0
            for start in stride(from: word.bytes.count - 1, to: 0, by: -1)
            where word.bytes[start] & 0xC0 != 0x80 {
                characters += 1
                if characters > 8 { break }
                if characters < 2 { continue }
                let ending = Array("##".utf8) + word.bytes[start...]
                let (number, isNew) = ending.withUnsafeBufferPointer { table.insert($0) }
                if isNew { weights.append(0) }
                weights[number] += word.weight * UInt64(characters - 1)
            }
        }
        return weights.indices.map { (Array(table.bytes($0)), weights[$0]) }
    }

    /// By falling weight, then by bytes.
    private static func ranked(_ candidates: [(bytes: [UInt8], weight: UInt64)]) -> [[UInt8]] {
        candidates.sorted {
            $0.weight != $1.weight
                ? $0.weight > $1.weight : $0.bytes.lexicographicallyPrecedes($1.bytes)
        }.map(\.bytes)
    }
}
