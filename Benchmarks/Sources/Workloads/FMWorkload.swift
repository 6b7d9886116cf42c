import Memory

/// What is asked of an FM-index in a measurement: the same questions for every program.
package struct FMWorkload: Sendable {
    /// Token sequences of one length that occur in the text, none with a document end.
    package struct Prefixes: Sendable {
        package let length: Int
        /// One sequence after the other.
        package let tokens: FrozenArray<Int32>

        package init(length: Int, tokens: FrozenArray<Int32>) {
            self.length = length
            self.tokens = tokens
        }

        package var count: Int { tokens.count / length }

        package subscript(index: Int) -> [Int32] {
            tokens.slice(index * length..<(index + 1) * length).toArray()
        }
    }

    /// A beam search whose scores do not depend on the beam's tokens: every step has its own.
    package struct Search: Sendable {
        package var queries: Int
        package var steps: Int
        package var beams: Int
        /// The best extensions of all beams together that each step chooses.
        package var candidates: Int

        package init(queries: Int, steps: Int, beams: Int, candidates: Int) {
            self.queries = queries
            self.steps = steps
            self.beams = beams
            self.candidates = candidates
        }
    }

    /// The tokens of the text the workload was made for.
    package var tokenCount: Int
    package var documentEnd: Int32
    /// One more than the largest token.
    package var vocabulary: Int
    package var prefixes: [Prefixes]
    /// Rows of the index to locate.
    package var rows: FrozenArray<Int32>
    /// Passages to extract.
    package var passages: FrozenArray<Int32>
    /// Runs of rows to find the documents of: the first rows, at most `runRows`, of each of the
    /// first `runPrefixes` prefixes of length 2.
    package var runPrefixes: Int
    package var runRows: Int
    package var search: Search
    /// One score for every token, vector after vector.
    package var scores: FrozenArray<Float>

    package var vectorCount: Int { scores.count / vocabulary }

    /// The prefixes of a length that the workload has.
    package func prefixes(length: Int) -> Prefixes? {
        prefixes.first { $0.length == length }
    }

    /// The scores that the tokens after a beam have.
    package func scores(query: Int, step: Int, beam: Int) -> FrozenArray<Float> {
        let vector = (query * 131 + step * 31 + beam * 7) % vectorCount
        return scores.slice(vector * vocabulary..<(vector + 1) * vocabulary)
    }

    package init(
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
