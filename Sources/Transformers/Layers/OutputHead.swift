import CKernels
import Decoding
import Tensors

/// What turns a decoder's states, after the final norm, into probabilities of tokens.
///
/// Every row's result depends on its state and source alone, to the last bit.
protocol OutputHead: Sendable {
    var vocabularySize: Int { get }

    /// The log-probabilities of all tokens, [states × vocabulary], for states [states × d], which may
    /// be changed.
    ///
    /// - Parameter sources: the source of each state.
    func logProbs(
        _ states: UnsafeMutablePointer<Float>, sources: [Int], into logProbs: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch)

    /// The log-probability of one token for each state [states × d], which may be changed.
    ///
    /// - Parameters:
    ///   - sources: the source of each state.
    ///   - tokens: of the vocabulary, one for each state.
    ///   - logits: memory for [states × vocabulary].
    func logProbs(
        _ states: UnsafeMutablePointer<Float>, sources: [Int], of tokens: [Int32],
        into logProbs: UnsafeMutablePointer<Float>, logits: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch)

    /// Adds a row for each state with the scores of some tokens of the vocabulary only, up to a constant
    /// a row. The states may be changed.
    func score(
        _ states: UnsafeMutablePointer<Float>, sources: [Int], only tokens: [[Int32]],
        into scores: inout StepScores, _ scratch: ProductScratch)
}

extension OutputLayer: OutputHead {
    func logProbs(
        _ states: UnsafeMutablePointer<Float>, sources: [Int], into logProbs: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch
    ) {
        let vocabulary = vocabularySize
        logits(states, count: sources.count, into: logProbs, scratch)
        scratch.team.run(sources.count) {
            ck_log_softmax_rows(logProbs + $0 * vocabulary, 1, vocabulary, vocabulary)
        }
    }

    func logProbs(
        _ states: UnsafeMutablePointer<Float>, sources: [Int], of tokens: [Int32],
        into logProbs: UnsafeMutablePointer<Float>, logits: UnsafeMutablePointer<Float>,
        _ scratch: ProductScratch
    ) {
        let vocabulary = vocabularySize
        self.logits(states, count: sources.count, into: logits, scratch)
        scratch.team.run(sources.count) { index in
            let row = logits + index * vocabulary
            logProbs[index] = row[Int(tokens[index])] - ck_log_sum_exp(row, vocabulary)
        }
    }

    /// Logits, of which only these are computed, unless a state has so many tokens that the whole product
    /// is cheaper.
    func score(
        _ states: UnsafeMutablePointer<Float>, sources: [Int], only tokens: [[Int32]],
        into scores: inout StepScores, _ scratch: ProductScratch
    ) {
        let (vocabulary, width) = (vocabularySize, weight.inner)
        scaleStates(states, sources.count)
        // Each state for itself, so that its logits do not depend on the others'.
        let many = tokens.indices.filter { tokens[$0].count >= OutputLayer.manyTokens(vocabulary) }
        let gathered = ScratchBuffer(count: many.count * width)
        let logits = ScratchBuffer(count: many.count * vocabulary)
        withExtendedLifetime((gathered, logits)) {
            for (place, index) in many.enumerated() {
                (gathered.base + place * width).update(from: states + index * width, count: width)
            }
            multiply(gathered.base, count: many.count, into: logits.base, scratch)
            var place = 0
            for (index, tokens) in tokens.enumerated() {
                if place < many.count, many[place] == index {
                    let row = logits.base + place * vocabulary
                    scores.addSparse(tokens.lazy.map { ($0, row[Int($0)]) })
                    place += 1
                } else {
                    let state = states + index * width
                    scores.addSparse(tokens.lazy.map { ($0, self.logit(state, $0)) })
                }
            }
        }
    }

    /// From so many tokens of a state on, all logits are computed. A single logit reads a row of
    /// weights that nothing else needs then, which takes as long as some hundred logits of a product
    /// for a beam of states.
    private static func manyTokens(_ vocabulary: Int) -> Int { max(1, vocabulary / 96) }
}
