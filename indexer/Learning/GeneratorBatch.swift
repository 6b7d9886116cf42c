import Tensors
import Transformers

/// Sources and what should be generated from them.
package struct GeneratorBatch: Sendable {
    /// One sequence to generate.
    package struct Target: Sendable {
        /// Its source's number.
        package var source: Int
        /// Its task's number.
        package var task: Int
        /// What is predicted, in order.
        package var tokens: [Int32]
        /// What the first row predicts instead of the first token, where that is a distribution.
        package var first: [(token: Int32, weight: Float)]?

        package init(
            source: Int, task: Int, tokens: [Int32], first: [(token: Int32, weight: Float)]? = nil
        ) {
            precondition(!tokens.isEmpty, "there is nothing to predict")
            (self.source, self.task, self.tokens, self.first) = (source, task, tokens, first)
        }
    }

    /// The encoder's states of all sources, [rows × d].
    package var states: Matrix
    package var sources: Sequences
    /// The sources' tokens; those that are never copied, such as special ones, are -1.
    package var sourceTokens: [Int32]
    package var targets: [Target]

    package init(states: Matrix, sources: Sequences, sourceTokens: [Int32], targets: [Target]) {
        precondition(states.rows == sources.rowCount && sourceTokens.count == states.rows)
        precondition(targets.allSatisfy { $0.source >= 0 && $0.source < sources.count }, "no such source")
        (self.states, self.sources, self.sourceTokens) = (states, sources, sourceTokens)
        self.targets = targets
    }

    /// A batch of texts that an encoder has read.
    ///
    /// - Parameter isSpecial: which tokens are never copied.
    package init(_ sources: [GeneratorModel.Source], isSpecial: (Int32) -> Bool, targets: [Target]) {
        let values = sources.flatMap(\.states.values)
        let rows = sources.reduce(0) { $0 + $1.states.rows }
        self.init(
            states: Matrix(rows: rows, columns: rows > 0 ? values.count / rows : 0, values: values),
            sources: Sequences(lengths: sources.map(\.tokens.count)),
            sourceTokens: sources.flatMap(\.tokens).map { isSpecial($0) ? -1 : $0 }, targets: targets)
    }
}
