import Memory

/// What is asked of an FM-index in a measurement: the same questions for every program.
public struct FMWorkload: Sendable {
    /// Token sequences of one length that occur in the text, none with a document end.
    public struct Prefixes: Sendable {
        public let length: Int
        /// One sequence after the other.
        public let tokens: FrozenArray<Int32>

        public init(length: Int, tokens: FrozenArray<Int32>) {
            self.length = length
            self.tokens = tokens
        }

        public var count: Int { tokens.count / length }

        public subscript(index: Int) -> [Int32] {
            tokens.slice(index * length..<(index + 1) * length).toArray()
        }
    }

    /// A beam search whose scores do not depend on the beam's tokens: every step has its own.
    public struct Search: Sendable {
        public var queries: Int
        public var steps: Int
        public var beams: Int
        /// The best extensions of all beams together that each step chooses.
        public var candidates: Int

        public init(queries: Int, steps: Int, beams: Int, candidates: Int) {
            self.queries = queries
            self.steps = steps
            self.beams = beams
            self.candidates = candidates
        }
    }

    /// The tokens of the text the workload was made for.
    public var tokenCount: Int
    public var documentEnd: Int32
    /// One more than the largest token.
    public var vocabulary: Int
    public var prefixes: [Prefixes]
    /// Rows of the index to locate.
    public var rows: FrozenArray<Int32>
    /// Passages to extract.
    public var passages: FrozenArray<Int32>
    /// Runs of rows to find the documents of: the first rows, at most `runRows`, of each of the
    /// first `runPrefixes` prefixes of length 2.
    public var runPrefixes: Int
    public var runRows: Int
    public var search: Search
    /// One score for every token, vector after vector.
    public var scores: FrozenArray<Float>

    public var vectorCount: Int { scores.count / vocabulary }

    /// The prefixes of a length that the workload has.
    public func prefixes(length: Int) -> Prefixes? {
        prefixes.first { $0.length == length }
    }

    /// The scores that the tokens after a beam have.
    public func scores(query: Int, step: Int, beam: Int) -> FrozenArray<Float> {
        let vector = (query * 131 + step * 31 + beam * 7) % vectorCount
        return scores.slice(vector * vocabulary..<(vector + 1) * vocabulary)
    }

    public init(
        tokenCount: Int, documentEnd: Int32, vocabulary: Int, prefixes: [Prefixes],
        rows: FrozenArray<Int32>, passages: FrozenArray<Int32>, runPrefixes: Int, runRows: Int,
        search: Search, scores: FrozenArray<Float>
    ) {
        self.tokenCount = tokenCount
        self.documentEnd = documentEnd
        self.vocabulary = vocabulary
        self.prefixes = prefixes
        self.rows = rows
        self.passages = passages
        self.runPrefixes = runPrefixes
        self.runRows = runRows
        self.search = search
        self.scores = scores
    }
}
