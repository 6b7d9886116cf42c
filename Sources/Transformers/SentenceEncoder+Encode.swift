import Tensors

extension SentenceEncoder {
    /// The vectors of a batch of token sequences: [texts × dimension], rows of length one.
    ///
    /// The sequences carry their special tokens; beyond `maxTokens` they are cut, and an empty one
    /// gives a row of zeros. A row does not depend on the rest of the batch, to the last bit.
    package func encode(tokens: [[Int32]]) -> Matrix {
        var vectors = Matrix(rows: tokens.count, columns: dimension)
        vectors.withUnsafeMutableBuffer { buffer in
            let rows = SharedRows(buffer, columns: dimension)
            encode(tokens) { pool($1, into: rows[$0]) }
        }
        return vectors
    }

    /// The last layer's states of a token sequence: [L × dimension], at most `maxTokens` rows.
    package func states(tokens: [Int32]) -> Matrix { states(tokens: [tokens])[0] }

    /// The last layer's states of a batch of token sequences, for each [L × dimension], at most
    /// `maxTokens` rows. They do not depend on the rest of the batch, to the last bit.
    ///
    /// - Complexity: one pass of all tokens, which are in memory together.
    package func states(tokens: [[Int32]]) -> [Matrix] {
        let texts = tokens.map(checked)
        let scratch = encoder.scratches.take(ProductScratch())
        defer { encoder.scratches.giveBack(scratch) }
        encoder.encode(texts, scratch)
        var start = scratch.states.base
        return texts.map { text in
            let states = UnsafeBufferPointer(start: start, count: text.count * dimension)
            start += states.count
            return Matrix(rows: text.count, columns: dimension, values: [Float](states))
        }
    }

    /// A query's vector [dimension], the last layer's states of its tokens [L × dimension], and
    /// the tokens, specials and prompt included.
    package func encodeQuery(
        _ text: String
    ) -> (vector: [Float], tokenStates: Matrix, ids: [Int32]) {
        let ids = tokens(of: text, as: .query)
        let states = states(tokens: ids)
        return (vector(of: states), states, ids)
    }

    /// The vector of a text, from its tokens' states [L × dimension].
    package func vector(of states: Matrix) -> [Float] {
        var vector = [Float](repeating: 0, count: dimension)
        states.withUnsafeBuffer { states in
            vector.withUnsafeMutableBufferPointer { pool(states, into: $0) }
        }
        return vector
    }

    /// Encodes a batch and gives each sequence's states, [L × dimension], to `body`.
    ///
    /// Texts are divided among threads as wholes, so that a batch has one.
    func encode(_ tokens: [[Int32]], _ body: (Int, UnsafeBufferPointer<Float>) -> Void) {
        let texts = tokens.map(checked)
        let scratch = encoder.scratches.take(ProductScratch())
        defer { encoder.scratches.giveBack(scratch) }
        encoder.encode(texts, scratch)
        var start = scratch.states.base
        for (place, text) in texts.enumerated() {
            let count = text.count * dimension
            body(place, UnsafeBufferPointer(start: start, count: count))
            start += count
        }
    }

    /// The tokens that the encoder reads.
    private func checked(_ tokens: [Int32]) -> [Int32] {
        let vocabulary = Int32(configuration.vocabularySize)
        precondition(
            tokens.allSatisfy { $0 >= 0 && $0 < vocabulary }, "a token is not in the vocabulary")
        return tokens.count > maxTokens ? Array(tokens.prefix(maxTokens)) : tokens
    }

    /// Pools the states of one text, [L × dimension], and scales the result to length one.
    package func pool(
        _ states: UnsafeBufferPointer<Float>, into vector: UnsafeMutableBufferPointer<Float>
    ) {
        vector.update(repeating: 0)
        let rows = states.count / dimension
        for row in 0..<(pooling == .mean ? rows : min(rows, 1)) {
            let state = states[row * dimension..<(row + 1) * dimension]
            Vector.add(UnsafeBufferPointer(rebasing: state), to: vector)
        }
        Vector.normalize(vector)
    }
}
