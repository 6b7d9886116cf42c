/// A passage's text in pieces of sentences.
///
/// Sentences of fewer than `words` words are taken together with the next, the last with the one before.
package struct SentencePieces {
    package let words: Int
    /// The most pieces; neighbours that are shortest together are joined until there are no more.
    package let most: Int

    package init(words: Int, most: Int) {
        self.words = words
        self.most = most
    }

    package func pieces(of text: String) -> [Substring] {
        var pieces: [(range: Range<String.Index>, words: Int)] = []
        var isOpen = false
        for range in Sentences.ranges(in: text) {
            let count = WhiteSpace.wordCount(text[range])
            if isOpen {
                let last = pieces.removeLast()
                pieces.append((last.range.lowerBound..<range.upperBound, last.words + count))
            } else {
                pieces.append((range, count))
            }
            isOpen = (pieces.last?.words ?? 0) < words
        }
        if isOpen, pieces.count > 1 { join(&pieces, at: pieces.count - 2) }
        while pieces.count > max(most, 1) {
            let place = (0..<pieces.count - 1).min {
                pieces[$0].words + pieces[$0 + 1].words < pieces[$1].words + pieces[$1 + 1].words
            }
            join(&pieces, at: place ?? 0)
        }
        return pieces.map { text[$0.range] }
    }

    private func join(_ pieces: inout [(range: Range<String.Index>, words: Int)], at place: Int) {
        let next = pieces.remove(at: place + 1)
        pieces[place] = (pieces[place].range.lowerBound..<next.range.upperBound, pieces[place].words + next.words)
    }
}
