import CKernels
import Memory
import Tensors

/// Compares a query with passages token by token, over the states that a frozen encoder has of both (ColBERT,
/// Khattab and Zaharia 2020), with a learned share for every token of the query:
///
///     x_i = norm(Q_i W_q),  y_j = norm(P_j W_p)       of length one
///     w   = softmax(Q a)                              over the query's tokens
///     s   = Σ_i w_i max_j x_i · y_j                   in -1...1
///
/// All tokens take part, special ones included.
package struct LateInteraction: Sendable {
    package static let query = "interaction.query.weight"
    package static let passage = "interaction.passage.weight"
    package static let importance = "interaction.importance.weight"

    /// Names and shapes of the tensors.
    package static func shapes(width d: Int) -> [(name: String, shape: [Int])] {
        [(query, [d, d]), (passage, [d, d]), (importance, [1, d])]
    }

    package let weights: InteractionWeights
    private let queryMap, passageMap: Linear  // W_q, W_p, d → d

    package var width: Int { weights.width }

    package init(_ weights: InteractionWeights) {
        self.weights = weights
        func map(_ weight: FrozenArray<Float>) -> Linear {
            let packed = weight.withUnsafeBuffer {
                PackedMatrix(transposing: $0, columns: weights.width, inner: weights.width)
            }
            return Linear(weight: packed, bias: nil)
        }
        (queryMap, passageMap) = (map(weights.query), map(weights.passage))
    }

    /// s of a query and each passage: [passages]. A passage's score does not depend on the others, to the
    /// last bit.
    ///
    /// - Complexity: a product of all states with a square map, and of each passage's with the query's.
    package func scores(
        of query: Matrix, among passages: [Matrix], team: ThreadTeam = ThreadTeam(threads: 1)
    ) -> [Float] {
        let products = ProductScratch(team: team)
        let (x, shares) = (query.withUnsafeBuffer { mapped($0, queryMap, products) }, shares(of: query))
        return passages.map { passage in
            let y = passage.withUnsafeBuffer { mapped($0, passageMap, products) }
            return withExtendedLifetime((x, y)) {
                var score: Float = 0
                for row in 0..<query.rows where passage.rows > 0 {
                    var peak = -Float.infinity
                    for other in 0..<passage.rows {
                        peak = max(peak, ck_dot(x.base + row * width, y.base + other * width, width))
                    }
                    score += shares[row] * peak
                }
                return score
            }
        }
    }

    /// x of a query's states and the tokens' shares w: [tokens × width] and [tokens].
    package func query(_ states: Matrix) -> (vectors: [Float], shares: [Float]) {
        let x = states.withUnsafeBuffer { mapped($0, queryMap, ProductScratch()) }
        let vectors = withExtendedLifetime(x) {
            Array(UnsafeBufferPointer(start: x.base, count: states.rows * width))
        }
        return (vectors, shares(of: states))
    }

    /// Gives y of a passage's states, both [tokens × width], to its caller during the call.
    package func withPassage<Result>(
        _ states: UnsafeBufferPointer<Float>, _ body: (UnsafeBufferPointer<Float>) throws -> Result
    ) rethrows -> Result {
        let y = mapped(states, passageMap, ProductScratch())
        return try withExtendedLifetime(y) {
            try body(UnsafeBufferPointer(start: y.base, count: states.count / width * width))
        }
    }

    private func shares(of query: Matrix) -> [Float] {
        var shares = query.withUnsafeBuffer { states in
            (0..<query.rows).map { row in
                states.baseAddress.map { ck_dot($0 + row * width, weights.importance.unsafeBase, width) } ?? 0
            }
        }
        shares.withUnsafeMutableBufferPointer {
            if let base = $0.baseAddress { ck_softmax_rows(base, 1, $0.count, $0.count) }
        }
        return shares
    }

    /// Mapped states of length one, [rows × d].
    private func mapped(
        _ states: UnsafeBufferPointer<Float>, _ map: Linear, _ products: ProductScratch
    ) -> ScratchBuffer {
        let count = states.count / width
        let rows = ScratchBuffer(count: max(1, count * width))
        if let base = states.baseAddress, count > 0 { map.apply(rows: count, base, into: rows.base, products) }
        for row in 0..<count {
            Vector.normalize(UnsafeMutableBufferPointer(start: rows.base + row * width, count: width))
        }
        return rows
    }
}
