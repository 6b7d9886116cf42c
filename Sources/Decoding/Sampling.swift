import Memory

/// Draws sequences from a model's distribution under a constraint, token by token.
///
/// A token's probability is its share among the tokens that the constraint allows, after the rules
/// of ``Options`` in the order of Hugging Face transformers: repetition, minimum length, constraint,
/// temperature, the k best, the most likely that make up p.
public struct Sampling: Sendable {
    public struct Options: Sendable {
        /// The samples of a query.
        public var samples = 1
        /// By what log-probabilities are divided; 0 takes the best token always, the smallest of
        /// equals.
        public var temperature: Float = 1
        /// Only so many tokens, the best, may be drawn; 0: all. The smaller of equals comes first.
        public var topK = 0
        /// Only the most likely tokens may be drawn, the fewest whose probabilities make up so much;
        /// one always (Holtzman et al. 2020, "nucleus sampling").
        public var topP: Float = 1
        /// The most tokens of a sample, the end token included.
        public var maximumLength = 64
        /// No end token comes before so many others.
        public var minimumLength = 0
        /// The tokens that end a sample.
        public var ends: [Int32] = []
        public var repetition = Repetition()
        public var seed: UInt64 = 0

        public init(samples: Int = 1, maximumLength: Int = 64, ends: [Int32] = [], seed: UInt64 = 0) {
            self.samples = samples
            self.maximumLength = maximumLength
            self.ends = ends
            self.seed = seed
        }
    }

    /// Why a sample ended.
    public enum Ending: Sendable {
        /// An end token, or the constraint says that the sequence is complete.
        case whole
        /// It is as long as may be.
        case length
        /// No token was allowed, or possible.
        case nothingAllowed
    }

    /// A sample.
    public struct Result: Sendable, Equatable {
        /// With the end token, where there is one.
        public var tokens: [Int32]
        /// What the model gave each token, before any rule of the options.
        public var stepLogProbs: [Float]
        public var ending: Ending
    }

    public var options: Options

    public init(_ options: Options) { self.options = options }

    /// Samples of one search.
    public func run<Model: StepModel, Rule: Constraint>(_ model: Model, _ constraint: Rule) -> [Result] {
        run(model, [(model.initialState, constraint)])[0]
    }

    /// Samples of several searches together: a step of the model scores the open samples of all.
    ///
    /// Each sample has a generator of its own, which depends on the seed, the query's number and the
    /// sample's: it is the same whatever is drawn beside it.
    ///
    /// - Parameter first: the number of the first query; the others' follow.
    /// - Returns: for each query its samples in order.
    public func run<Model: StepModel, Rule: Constraint>(
        _ model: Model, _ queries: [(start: Model.State, constraint: Rule)], numberedFrom first: Int = 0
    ) -> [[Result]] {
        let count = max(options.samples, 0)
        var paths = queries.enumerated().flatMap { place, query in
            (0..<count).map { sample in
                SamplePath<Model.State, Rule>(
                    query.start, query.constraint,
                    SeededGenerator(
                        seed: options.seed,
                        stream: UInt64(truncatingIfNeeded: first + place) << 32 | UInt64(sample + 1)))
            }
        }
        var scores = StepScores()
        for length in 0..<max(options.maximumLength, 0) {
            let open = paths.indices.filter { paths[$0].ending == nil }
            if open.isEmpty { break }
            // The samples of a query all start alike: one row each query is enough.
            let isShared = length == 0
            scores.removeAll()
            model.score(isShared ? queries.map(\.start) : open.map { paths[$0].modelState }, into: &scores)
            var rules = scores
            let rowPaths = isShared ? queries.indices.map { $0 * count } : open
            for (row, path) in rowPaths.enumerated() {
                options.repetition.apply(to: &rules, row: row, after: paths[path].tokens)
            }
            if length < options.minimumLength { options.ends.forEach { rules.forbid($0) } }
            for (row, path) in open.enumerated() {
                let row = isShared ? path / count : row
                paths[path].step(model, rules, row: row, asGiven: scores, options)
            }
        }
        return queries.indices.map { query in
            paths[query * count..<(query + 1) * count].map(\.result)
        }
    }
}
