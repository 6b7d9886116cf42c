import CSnowball
import Synchronization

/// Snowball's stemmers (Porter 2001, https://snowballstem.org), which cut the inflections off words.
///
/// A stemmer has memory of its own and serves one text at a time, so that there is a stock of them for each language.
final class SnowballStemmer: Sendable {
    /// What a text borrows.
    struct Loan {
        fileprivate let stemmer: OpaquePointer
        private let owner: SnowballStemmer

        fileprivate init(_ stemmer: OpaquePointer, _ owner: SnowballStemmer) {
            (self.stemmer, self.owner) = (stemmer, owner)
        }

        /// Visits the stem of a word in lower case, which is valid during the call.
        func stem(_ word: UnsafeBufferPointer<UInt8>, _ visit: (UnsafeBufferPointer<UInt8>) -> Void) {
            // Longer ones are data, and some rules take the square of a length.
            guard word.count <= SnowballStemmer.longestWord, let start = word.baseAddress,
                let stem = sb_stemmer_stem(stemmer, start, Int32(word.count))
            else { return visit(word) }
            visit(UnsafeBufferPointer(start: stem, count: Int(sb_stemmer_length(stemmer))))
        }

        func giveBack() { owner.stock.withLock { $0.append(.init(pointer: stemmer)) } }
    }

    /// A pointer that one thread has at a time.
    private struct Stemmer: @unchecked Sendable { let pointer: OpaquePointer }

    private static let longestWord = 256

    private let name: String
    private let stock = Mutex<[Stemmer]>([])

    private init(_ name: String) { self.name = name }

    private static let all = Dictionary(
        uniqueKeysWithValues: TermLanguage.allCases.filter(\.hasStemmer).map { ($0, SnowballStemmer($0.rawValue)) })

    /// A stemmer to give back; nil where the language has none, or the library of this machine has none for it.
    static func borrow(_ language: TermLanguage) -> Loan? {
        guard let stemmer = all[language] else { return nil }
        if let known = stemmer.stock.withLock({ $0.popLast() }) { return Loan(known.pointer, stemmer) }
        return sb_stemmer_new(stemmer.name, "UTF_8").map { Loan($0, stemmer) }
    }
}
