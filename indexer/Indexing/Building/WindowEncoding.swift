import Memory
import Transformers

/// Encodes passages and their sentences, a window at a time.
struct WindowEncoding: Sendable {
    typealias Row = UnsafeMutableBufferPointer<Float>

    let encoder: SentenceEncoder
    /// What the encoder reads of a passage.
    let windows: @Sendable (Int) -> [SentenceWindow]
    /// Where a passage's vector goes; nil where only its sentences are asked for, which are not mixed with it then.
    let passage: (@Sendable (Int) -> Row)?
    /// The vectors of the passages' sentences; nil where these have none.
    let sentences: SentenceRows?
    /// Gets the states of passages, for their tokens' codes.
    var tokens: TokenCollector?

    /// Encodes some passages, by what they are called by ``windows`` and the others.
    func run(_ passages: [Int]) {
        let read = Parallel.map(count: passages.count) { place in
            windows(passages[place]).map { (passage: passages[place], window: $0) }
        }.flatMap(\.self)
        encoder.forEachStates(count: read.count, tokens: { read[$0].window.tokens }) { index, states in
            let (place, window) = read[index]
            if window.isPassage {
                if let passage { encoder.pool(states, into: passage(place)) }
                tokens?.read(place, states)
            }
            guard let sentences else { return }
            for (sentence, range) in window.sentences {
                if let row = sentences[place, sentence] { window.pool(range, of: states, into: row) }
            }
        }
        guard let passage, let sentences else { return }
        Parallel.forEach(count: passages.count) { sentences.mix(passages[$0], with: passage(passages[$0])) }
    }
}
