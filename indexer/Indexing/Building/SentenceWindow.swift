import Tensors
import Text
import Transformers

/// What the encoder reads of a passage at a time: the passage, or sentences that do not fit in with it, behind its title.
///
/// Sentences get their vectors from the states of their own tokens and the title's, in the context of the others (late chunking,
/// Günther et al. 2024): a passage that the encoder reads as a whole is read once for all of its vectors.
package struct SentenceWindow: Sendable {
    /// Between the encoder's marks.
    package var tokens: [Int32]
    /// Sentences by their number in the passage, each with its tokens.
    package var sentences: [(number: Int, range: Range<Int>)] = []
    /// The tokens before the sentences that count for each of them: the encoder's mark, its prompt and the title.
    package var head = 0
    /// Whether this is the passage as its own vector sees it.
    package var isPassage = false

    /// The windows of a passage, the one that its own vector sees first.
    ///
    /// - Parameters:
    ///   - passage: its tokens as its own vector sees them, between the encoder's marks.
    ///   - title: its title's tokens.
    ///   - sentences: the tokens of its sentences.
    package static func windows(
        _ passage: [Int32], title: [Int32], sentences: [[Int32]], _ encoder: SentenceEncoder
    ) -> [SentenceWindow] {
        var first = SentenceWindow(tokens: passage, isPassage: true)
        let before = encoder.before(.passage).count
        let end = passage.count - encoder.after.count
        var next = 0
        var place = before + title.count
        // Sentences that are read with the passage, as far as it has them as they are.
        if place <= end, passage[before..<place].elementsEqual(title) {
            first.head = place
            while next < sentences.count, place + sentences[next].count <= end,
                passage[place..<place + sentences[next].count].elementsEqual(sentences[next])
            {
                first.sentences.append((next, place..<place + sentences[next].count))
                place += sentences[next].count
                next += 1
            }
        }
        var windows = [first]
        let room = max(1, encoder.maxTokens - before - encoder.after.count)
        let head = title.prefix(room / 2)
        while next < sentences.count {
            var body = Array(head)
            var window = SentenceWindow(tokens: [], head: before + head.count)
            while next < sentences.count, window.sentences.isEmpty || body.count + sentences[next].count <= room {
                let own = sentences[next].prefix(room - head.count)
                window.sentences.append((next, before + body.count..<before + body.count + own.count))
                body += own
                next += 1
            }
            window.tokens = encoder.framed(body)
            windows.append(window)
        }
        return windows
    }

    /// Writes the vector of a sentence: the mean state of its tokens and of those of the head, scaled to length one.
    ///
    /// - Parameter states: of the window's tokens, [L × dimension].
    func pool(
        _ range: Range<Int>, of states: UnsafeBufferPointer<Float>, into vector: UnsafeMutableBufferPointer<Float>
    ) {
        let d = vector.count
        vector.update(repeating: 0)
        for tokens in [0..<head, range] {
            for row in tokens where (row + 1) * d <= states.count {
                Vector.add(UnsafeBufferPointer(rebasing: states[row * d..<(row + 1) * d]), to: vector)
            }
        }
        Vector.normalize(vector)
    }
}
