import Memory
import Synchronization
import Tensors

extension SentenceEncoder {
    /// The vectors of many token sequences: [texts × dimension], rows of length one.
    ///
    /// See ``encodeAll(count:threads:tokenBudget:tokens:progress:into:)``.
    package func encodeAll(
        tokens: [[Int32]], threads: Int = Parallel.cores, tokenBudget: Int = 2_048,
        progress: @Sendable (Int) -> Void = { _ in }
    ) -> Matrix {
        var vectors = Matrix(rows: tokens.count, columns: dimension)
        encodeAll(
            count: tokens.count, threads: threads, tokenBudget: tokenBudget, tokens: { tokens[$0] },
            progress: progress, into: &vectors)
        return vectors
    }

    /// Encodes `count` token sequences into the first rows of a matrix.
    ///
    /// The sequences are taken in windows; within one they are sorted by length and cut into
    /// batches of about `tokenBudget` tokens, which threads encode. The vectors do not depend on
    /// the number of threads, nor on the budget.
    ///
    /// - Parameters:
    ///   - tokens: gives the sequence of an index; called once for each, from many threads.
    ///   - progress: hears, now and then, how many sequences are done; called from many threads.
    package func encodeAll(
        count: Int, threads: Int = Parallel.cores, tokenBudget: Int = 2_048,
        tokens: @Sendable (Int) -> [Int32], progress: @Sendable (Int) -> Void = { _ in },
        into vectors: inout Matrix
    ) {
        precondition(vectors.rows >= count && vectors.columns == dimension)
        vectors.withUnsafeMutableBuffer {
            encodeAll(
                count: count, threads: threads, tokenBudget: tokenBudget, tokens: tokens,
                progress: progress, into: SharedRows($0, columns: dimension))
        }
    }

    /// Encodes `count` token sequences into rows that the caller owns, such as a mapped file's.
    package func encodeAll(
        count: Int, threads: Int = Parallel.cores, tokenBudget: Int = 2_048,
        tokens: @Sendable (Int) -> [Int32], progress: @Sendable (Int) -> Void = { _ in },
        into rows: SharedRows
    ) {
        encodeAll(
            count: count, threads: threads, tokenBudget: tokenBudget, tokens: tokens, progress: progress, row: { $0 },
            into: rows)
    }

    /// Encodes some rows' sequences, each into its row.
    ///
    /// - Parameters:
    ///   - chosen: distinct rows.
    ///   - tokens: gives the sequence of a row.
    package func encodeAll(
        rows chosen: [Int32], threads: Int = Parallel.cores, tokenBudget: Int = 2_048,
        tokens: @Sendable (Int) -> [Int32], into rows: SharedRows
    ) {
        encodeAll(
            count: chosen.count, threads: threads, tokenBudget: tokenBudget, tokens: { tokens(Int(chosen[$0])) },
            progress: { _ in }, row: { Int(chosen[$0]) }, into: rows)
    }

    private func encodeAll(
        count: Int, threads: Int, tokenBudget: Int, tokens: @Sendable (Int) -> [Int32],
        progress: @Sendable (Int) -> Void, row: @Sendable (Int) -> Int, into rows: SharedRows
    ) {
        precondition(rows.columns == dimension)
        let done = Tally()
        forEachStates(count: count, threads: threads, tokenBudget: tokenBudget, tokens: tokens) { index, states in
            pool(states, into: rows[row(index)])
            progress(done.add(1))
        }
    }

    /// Encodes `count` token sequences and gives the last layer's states of each to its caller.
    ///
    /// The sequences are taken as ``encodeAll(count:threads:tokenBudget:tokens:progress:into:)`` takes them.
    ///
    /// - Parameters:
    ///   - tokens: gives the sequence of an index; called once for each, from many threads.
    ///   - body: gets an index and the states, [L × dimension], which are valid during the call; called from many threads.
    package func forEachStates(
        count: Int, threads: Int = Parallel.cores, tokenBudget: Int = 2_048,
        tokens: @Sendable (Int) -> [Int32], _ body: @Sendable (Int, UnsafeBufferPointer<Float>) -> Void
    ) {
        for start in stride(from: 0, to: count, by: SentenceEncoder.window) {
            let range = start..<min(count, start + SentenceEncoder.window)
            let sequences = gather(range, threads: threads, tokens)
            let batches = SentenceEncoder.batches(
                sequences, budget: tokenBudget, maxTokens: maxTokens)
            Parallel.forEach(count: batches.count, threads: threads) { index in
                let batch = batches[index]
                encode(batch.map { sequences[$0] }) { body(range.lowerBound + batch[$0], $1) }
            }
        }
    }

    /// Sequences in memory at a time.
    private static let window = 8_192

    private func gather(
        _ range: Range<Int>, threads: Int, _ tokens: @Sendable (Int) -> [Int32]
    ) -> [[Int32]] {
        let grain = 128
        let chunks = Parallel.map(count: (range.count + grain - 1) / grain, threads: threads) {
            chunk in
            let start = range.lowerBound + chunk * grain
            return (start..<min(range.upperBound, start + grain)).map { tokens($0) }
        }
        return Array(chunks.joined())
    }

    /// Groups of indices, longest sequences first, so that the last batches to finish are small.
    private static func batches(_ sequences: [[Int32]], budget: Int, maxTokens: Int) -> [[Int]] {
        let order = sequences.indices.sorted {
            (sequences[$1].count, $0) < (sequences[$0].count, $1)
        }
        var batches: [[Int]] = []
        var total = Int.max
        for index in order {
            let length = min(sequences[index].count, maxTokens)
            if batches.isEmpty || total + length > budget {
                batches.append([])
                total = 0
            }
            batches[batches.count - 1].append(index)
            total += length
        }
        return batches
    }
}

/// How many sequences are done.
private final class Tally: Sendable {
    private let count = Atomic<Int>(0)

    /// Adds to the count and returns it.
    func add(_ amount: Int) -> Int {
        count.wrappingAdd(amount, ordering: .relaxed).newValue
    }
}
