import Tensors
import Transformers

/// Sources and what should be generated from them.
public struct GeneratorBatch: Sendable {
    /// One sequence to generate.
    public struct Target: Sendable {
        /// Its source's number.
        public var source: Int
        /// Its task's number.
        public var task: Int
        /// What is predicted, in order.
        public var tokens: [Int32]
        /// What the first row predicts instead of the first token, where that is a distribution.
        public var first: [(token: Int32, weight: Float)]?

        public init(
            source: Int, task: Int, tokens: [Int32], first: [(token: Int32, weight: Float)]? = nil
        ) {
            precondition(!tokens.isEmpty, "there is nothing to predict")
            (self.source, self.task, self.tokens, self.first) = (source, task, tokens, first)
        }
    }

    /// The encoder's states of all sources, [rows × d].
    public var states: Matrix
    public var sources: Sequences
    /// The sources' tokens; those that are never copied, such as special ones, are -1.
    public var sourceTokens: [Int32]
    public var targets: [Target]

    public init(states: Matrix, sources: Sequences, sourceTokens: [Int32], targets: [Target]) {
        precondition(states.rows == sources.rowCount && sourceTokens.count == states.rows)
        precondition(targets.allSatisfy { $0.source >= 0 && $0.source < sources.count }, "no such source")
        (self.states, self.sources, self.sourceTokens) = (states, sources, sourceTokens)
        self.targets = targets
    }

    /// A batch of texts that an encoder has read.
    ///
    /// - Parameter isSpecial: which tokens are never copied.
    public init(_ sources: [GeneratorModel.Source], isSpecial: (Int32) -> Bool, targets: [Target]) {
        let values = sources.flatMap(\.states.values)
        let rows = sources.reduce(0) { $0 + $1.states.rows }
        self.init(
            states: Matrix(rows: rows, columns: rows > 0 ? values.count / rows : 0, values: values),
            sources: Sequences(lengths: sources.map(\.tokens.count)),
            sourceTokens: sources.flatMap(\.tokens).map { isSpecial($0) ? -1 : $0 }, targets: targets)
    }
}
