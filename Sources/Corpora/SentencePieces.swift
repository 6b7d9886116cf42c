/// A passage's text in pieces of sentences.
///
/// Sentences of fewer than `words` words are taken together with the next, the last with the one before. One of more than `longest`,
/// as where there are hardly any full stops, is cut into equal parts. What counts as a word, ``WordSpans`` says.
package struct SentencePieces {
    package let words: Int
    package let longest: Int
    /// The most pieces; neighbours that are shortest together are joined until there are no more.
    package let most: Int

    package init(words: Int, most: Int, longest: Int = 60) {
        (self.words, self.longest) = (words, max(longest, 1))
        self.most = most
    }

    package func pieces(of text: String) -> [Substring] {
        var pieces: [(range: Range<String.Index>, words: Int)] = []
        var isOpen = false
        for range in Sentences.ranges(in: text).flatMap({ parts(of: $0, in: text) }) {
            let count = WordSpans(text[range]).count
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

    /// A sentence in parts of about as many words, none of more than `longest`.
    private func parts(of range: Range<String.Index>, in text: String) -> [Range<String.Index>] {
        let words = WordSpans(text[range]).spans
        let count = words.count
        guard count > longest else { return [range] }
        let parts = (count + longest - 1) / longest
        let cuts = (1..<parts).map { words[$0 * count / parts].lowerBound }
        return zip([range.lowerBound] + cuts, cuts + [range.upperBound]).map { $0..<$1 }
    }

    private func join(_ pieces: inout [(range: Range<String.Index>, words: Int)], at place: Int) {
        let next = pieces.remove(at: place + 1)
        pieces[place] = (pieces[place].range.lowerBound..<next.range.upperBound, pieces[place].words + next.words)
    }
}
