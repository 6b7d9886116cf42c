import Search

/// Moves the query's vector so that its inner products with the first search's best become what rerankers say of them (ReFIT, Reddy et
/// al. 2023), by ridge regression in place of the paper's gradient steps, as a few passages do not fix hundreds of dimensions:
///
///     q' = q + (1 - w) Dᵀ (D Dᵀ + λ I)⁻¹ (y - D q)
///
/// `D` has the passages' vectors as rows; `y` are the rerankers' scores, shifted and scaled to the mean and the range of `D q`. `q'` is
/// made as long as one. It finds what lies near passages that rerankers like, also below the depth to which they read.
public struct RefitFeedback: IndexFeedback {
    public static let id: ComponentID = "refit"

    public let changes: QueryForms = .vector
    public let needs: QueryNeeds = .vector
    public let readsRerankScores = true
    public let depth: Int
    private let vectors: PassageVectors
    private let weight: Double

    /// λ, beside inner products of vectors of length one.
    private static let ridge = 1.0

    public static func open(_ index: IndexReader, _ options: FeedbackOptions) throws -> RefitFeedback {
        RefitFeedback(
            depth: options.depth ?? 20, vectors: try index.value(PassageVectors.self),
            weight: Double(options.weight ?? 0))
    }

    public func change(_ query: Query, by passages: FeedbackPassages) throws -> (query: Query, report: FeedbackReport)?
    {
        let scored = passages.relevant.filter { $0.rerankScore != nil }
        guard weight < 1, scored.count > 1 else { return nil }
        let rows = scored.map { vectors($0.passage) }
        return try FeedbackVectors.changed(query, id, FeedbackPassages(relevant: scored)) { query in
            let targets = Self.targets(
                scored.map { Double($0.rerankScore ?? 0) }, rows.map { FeedbackVectors.dot($0, query) })
            return Self.fitted(query, rows, targets, ridge: Self.ridge, share: 1 - weight)
        }
    }

    /// Scores with the mean and the range of others; these themselves where the scores are alike.
    package static func targets(_ scores: [Double], _ products: [Double]) -> [Double] {
        let count = Double(scores.count)
        let range = { (values: [Double]) in (values.max() ?? 0) - (values.min() ?? 0) }
        guard range(scores) > 0 else { return products }
        let scale = range(products) / range(scores)
        let (own, other) = (scores.reduce(0, +) / count, products.reduce(0, +) / count)
        return scores.map { ($0 - own) * scale + other }
    }

    /// The query's vector after a share of the regression's step.
    ///
    /// - Complexity: O(n² dimension + n³) of n rows.
    package static func fitted(
        _ query: [Double], _ rows: [[Double]], _ targets: [Double], ridge: Double, share: Double
    ) -> [Double] {
        let gram = rows.enumerated().map { place, row in
            rows.enumerated().map { FeedbackVectors.dot(row, $1) + ($0 == place ? ridge : 0) }
        }
        let residuals = zip(rows, targets).map { $1 - FeedbackVectors.dot($0, query) }
        let weights = solution(of: gram, residuals)
        var fitted = query
        for (row, weight) in zip(rows, weights) {
            for place in fitted.indices { fitted[place] += share * weight * row[place] }
        }
        return fitted
    }

    /// Solves A x = b for a symmetric A whose eigenvalues are above 0, by Cholesky's decomposition.
    private static func solution(of matrix: [[Double]], _ right: [Double]) -> [Double] {
        var (lower, x) = (matrix, right)
        for row in lower.indices {
            for column in 0...row {
                let sum = (0..<column).reduce(matrix[row][column]) { $0 - lower[row][$1] * lower[column][$1] }
                lower[row][column] = row == column ? sum.squareRoot() : sum / lower[column][column]
            }
        }
        for row in x.indices {
            x[row] = (0..<row).reduce(x[row]) { $0 - lower[row][$1] * x[$1] } / lower[row][row]
        }
        for row in x.indices.reversed() {
            x[row] = (row + 1..<x.count).reduce(x[row]) { $0 - lower[$1][row] * x[$1] } / lower[row][row]
        }
        return x
    }
}
