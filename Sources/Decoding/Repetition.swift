/// How a search keeps a sequence from repeating itself; by default not at all.
///
/// The rules are those of Hugging Face transformers, applied to log-probabilities; nothing is
/// renormalised after them.
public struct Repetition: Sendable, Equatable {
    /// No n-gram of this length occurs twice: a token x may not follow when the last n - 1 tokens and
    /// x occurred before as n neighbours. 0: no such rule.
    public var noRepeatNgramSize = 0
    /// The log-probability of every token that occurred is multiplied by this number once (were it
    /// above 0, divided); Keskar et al. 2019, section 4.1. 1: no such rule.
    public var penalty: Float = 1
    /// Tokens that count as said before the first one: a decoder's start token, a prompt.
    public var before: [Int32] = []

    public init(noRepeatNgramSize: Int = 0, penalty: Float = 1, before: [Int32] = []) {
        self.noRepeatNgramSize = noRepeatNgramSize
        self.penalty = penalty
        self.before = before
    }

    var isOn: Bool { noRepeatNgramSize > 0 || penalty != 1 }

    /// Changes a row of scores after `tokens`; O(tokens), and times the row where that is sparse.
    func apply(to scores: inout StepScores, row: Int, after tokens: [Int32]) {
        let said = before + tokens
        if penalty != 1 {
            for token in Set(said) {
                scores.change(token, inRow: row) { $0 < 0 ? $0 * penalty : $0 / penalty }
            }
        }
        if noRepeatNgramSize > 0 {
            for token in repeats(after: said) { scores.change(token, inRow: row) { _ in -.infinity } }
        }
    }

    /// The tokens that would repeat an n-gram.
    func repeats(after said: [Int32]) -> Set<Int32> {
        guard noRepeatNgramSize > 0, said.count >= noRepeatNgramSize else { return [] }
        let last = said.suffix(noRepeatNgramSize - 1)
        var found: Set<Int32> = []
        for start in 0...said.count - noRepeatNgramSize
        where said[start..<start + last.count].elementsEqual(last) {
            found.insert(said[start + last.count])
        }
        return found
    }
}
