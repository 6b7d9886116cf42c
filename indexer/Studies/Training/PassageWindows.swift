import Foundation
import Indexing
import Memory

/// Runs of a passage's words as if they were queries: the first, or some from anywhere (FirstP and DaQ of Pradeep et al.
/// 2023, and NCI's, Wang et al. 2022).
struct PassageWindows: QueryGenerator {
    let name: String
    /// Whether the one window is the first; else windows are drawn.
    let isFirst: Bool
    let isTrusted = true

    /// Words of a window; what the network reads of a query is 64 tokens.
    static let words = 64

    init(isFirst: Bool) { (self.isFirst, name) = (isFirst, isFirst ? "first" : "windows") }

    /// What is drawn of a passage depends on the seed and on the passage's place alone; a passage of one window gives
    /// it once.
    func make(_ passages: [QueryPassage], count: Int, seed: UInt64, threads: Int) -> [[String]] {
        passages.map { passage in
            let text = passage.title.isEmpty ? passage.text : passage.title + " " + passage.text
            let words = text.split(whereSeparator: \.isWhitespace)
            guard !words.isEmpty else { return [] }
            let last = max(0, words.count - Self.words)
            func window(_ start: Int) -> String {
                words[start..<min(words.count, start + Self.words)].joined(separator: " ")
            }
            guard !isFirst, last > 0 else { return [window(0)] }
            var random = SeededGenerator(seed: seed, stream: UInt64(UInt32(bitPattern: passage.document)) &+ 1)
            return (0..<count).map { _ in window(Int(random.next() % UInt64(last + 1))) }
        }
    }
}
