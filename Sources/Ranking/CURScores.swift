import Memory
import Search
import Storage
import Tensors

/// Scores of every passage for a few anchor queries, by which the scores of all passages for a new query are told from those of a few
/// (ANNCUR, Yadav et al. 2022: a CUR decomposition of the matrix of scores).
///
///     ŝ = c R[·, I]⁺ R        c [ki]: exact scores of passages I;  R [kq × N]: scores of all passages for the anchor queries
///
/// In rounds, what looks best by then is scored next (ADACUR, Yadav et al. 2023). Two rounds with drawn passages in the first are ANNCUR.
package struct CURScores: Sendable {
    package static let fileKind = "cur-scores"

    package let queryCount: Int
    package let passageCount: Int
    /// [queryCount × passageCount], row after row.
    private let scores: FrozenArray<Float>

    /// - Parameter scores: [queryCount × passageCount], row after row.
    package init(scores: [Float], queryCount: Int, passageCount: Int) {
        precondition(scores.count == queryCount * passageCount && queryCount > 0)
        (self.queryCount, self.passageCount) = (queryCount, passageCount)
        self.scores = FrozenArray(scores)
    }

    /// Maps a file.
    ///
    /// - Throws: `StorageError` when its parts are damaged or do not fit together.
    package init(_ container: Container) throws {
        let sizes = try container.section(Section.sizes, of: UInt64.self)
        scores = try container.section(Section.scores, of: Float.self)
        guard sizes.count == 2, (1...1 << 20).contains(sizes[0]), sizes[1] <= UInt64(Int32.max),
            sizes[0] * sizes[1] == UInt64(scores.count)
        else { throw StorageError.damaged(path: container.path, what: "its scores are not as many as it says") }
        (queryCount, passageCount) = (Int(sizes[0]), Int(sizes[1]))
    }

    package func write(to writer: ContainerWriter) throws(StorageError) {
        try writer.write(Section.sizes, [UInt64(queryCount), UInt64(passageCount)])
        try writer.write(Section.scores, scores)
        try writer.finish()
    }

    private enum Section {
        static let sizes = "cur.sizes"
        static let scores = "cur.scores"
    }

    /// How many passages are scored for a query, and which.
    package struct Plan: Sendable {
        /// The most passages that are scored.
        package var calls: Int
        /// The rounds among which they are divided; the first rounds have one more where that leaves a rest.
        package var rounds: Int
        /// Singular values below this share of the largest count as 0.
        package var cutoff: Double

        package init(calls: Int, rounds: Int, cutoff: Double) {
            (self.calls, self.rounds, self.cutoff) = (calls, rounds, cutoff)
        }
    }

    /// The passages that were scored, with their scores, in the order in which they were.
    ///
    /// - Parameters:
    ///   - first: passages for the first round, best first; those that do not pass are passed over.
    ///   - passes: whether a passage may be found.
    ///   - score: the exact scores of passages.
    /// - Complexity: a round takes O(queryCount passageCount) besides what is solved for it, O(ki kq min(ki, kq)).
    package func find(
        _ plan: Plan, first: some Sequence<Int>, passing passes: (Int) -> Bool, score: ([Int]) throws -> [Float]
    ) throws -> [(passage: Int, score: Float)] {
        var found: [(passage: Int, score: Float)] = []
        var isOpen = (0..<passageCount).map(passes)
        var open = isOpen.reduce(0) { $0 + ($1 ? 1 : 0) }
        for round in 0..<max(1, plan.rounds) where open > 0 {
            let share = plan.calls / plan.rounds + (round < plan.calls % plan.rounds ? 1 : 0)
            let next: [Int]
            if round == 0 {
                next = Array(first.lazy.filter { isOpen[$0] }.prefix(share))
            } else if found.isEmpty {
                break
            } else {
                next = best(share, of: try estimates(found, plan.cutoff), among: isOpen)
            }
            for passage in next { isOpen[passage] = false }
            open -= next.count
            found += zip(next, try score(next)).map { ($0, $1) }
        }
        return found
    }

    /// ŝ of all passages.
    package func estimates(_ exact: [(passage: Int, score: Float)], _ cutoff: Double) throws -> [Float] {
        let columns = (0..<queryCount).map { query in
            exact.map { Double(scores[query * passageCount + $0.passage]) }
        }
        let shares = try LeastSquares.solve(columns: columns, exact.map { Double($0.score) }, cutoff: cutoff)
        var sum = [Float](repeating: 0, count: passageCount)
        scores.withUnsafeBuffer { scores in
            for (query, share) in shares.enumerated() {
                let (row, share) = (query * passageCount, Float(share))
                for passage in 0..<passageCount { sum[passage] += share * scores[row + passage] }
            }
        }
        return sum
    }

    /// The passages with the highest estimates; of equals those that come first.
    private func best(_ count: Int, of estimates: [Float], among isOpen: [Bool]) -> [Int] {
        var top = TopK<Int>(capacity: count)
        for passage in 0..<passageCount where isOpen[passage] && estimates[passage].isFinite {
            top.offer(passage, score: estimates[passage])
        }
        return top.sorted().map(\.id)
    }
}
