import Foundation
import Tensors
import Transformers

/// The head by which a generator's encoder compares a query with a passage token by token, in the form that
/// is trained; see ``LateInteraction`` for what it computes.
package final class InteractionNetwork {
    /// All that is trained, by the names in the file.
    package let parameters: ParameterStore
    /// What scores are multiplied by under the softmax.
    package static let inverseTemperature: Float = 20

    /// A new head of width d, which compares the encoder's states as they are and all tokens alike.
    package init(width: Int) {
        parameters = ParameterStore()
        for (name, shape) in LateInteraction.shapes(width: width) {
            let parameter = parameters.add(Parameter(name: name, shape: shape))
            guard shape[0] > 1 else { continue }
            parameter.update { for row in 0..<width { $0[row * width + row] = 1 } }
        }
    }

    /// The head of a generator's file.
    ///
    /// - Throws: ``ModelError`` when a tensor is missing or of another shape.
    package init(width: Int, from file: Safetensors) throws(ModelError) {
        parameters = ParameterStore()
        for (name, shape) in LateInteraction.shapes(width: width) {
            try parameters.load(name, shape: shape, from: file)
        }
    }

    /// What inverseTemperature · s of each query's candidates costs, of which the first is right; by the usual loss the mean over queries of
    /// -log softmax(inverseTemperature · s)_0.
    ///
    /// - Parameters:
    ///   - queries, passages: the encoder's states, [rows × d].
    ///   - candidates: the passages of each query, at least one.
    ///   - ranking: nil for the usual loss.
    ///   - seed: of what that draws.
    package func loss(
        queries: (states: Matrix, sequences: Sequences), passages: (states: Matrix, sequences: Sequences),
        candidates: Sequences, by ranking: (any RankingLoss)? = nil, seed: UInt64 = 0, on tape: Tape
    ) -> Variable {
        let (q, p) = (tape.constant(queries.states), tape.constant(passages.states))
        let scores = tape.lateInteraction(
            tape.normalizeRows(tape.linear(q, parameters.required(LateInteraction.query))),
            tape.linear(q, parameters.required(LateInteraction.importance)), queries.sequences,
            tape.normalizeRows(tape.linear(p, parameters.required(LateInteraction.passage))), passages.sequences,
            candidates: candidates, scale: Self.inverseTemperature)
        var right = [Float](repeating: 0, count: passages.sequences.count)
        for query in 0..<candidates.count { right[candidates[query].lowerBound] = 1 }
        guard let ranking else { return tape.crossEntropy(scores, within: candidates, weights: right) }
        return tape.ranking(scores, within: candidates, grades: right, by: ranking, seed: seed)
    }
}
