import Tensors
import Transformers

/// Scores each passage token by token (ColBERT, Khattab and Zaharia 2020): for each token of the query the nearest of the passage's, by
/// the cosine of their states in an encoder's last layer,
///
///     s = mean over i of max over j of x_i · y_j
///
/// the mean in the place of ColBERT's sum, so that queries of any length are on one scale.
struct MaxSimMethod: RerankMethod {
    private let model: EncodingModel
    private let pruning: Pruning

    static let entry = RerankMethods.Entry(
        "maxsim", "each passage by the nearest of its tokens to each of the query's", ["alpha", "patience", "top"],
        usualModel: RerankSpec.usualEncoder,
        of: { model, options in
            guard case .encoder(let own) = model else {
                throw RerankMethods.Fault.needs("an encoder of sentences, such as all-MiniLM-L6-v2", method: "maxsim")
            }
            return MaxSimMethod(model: own, pruning: Pruning(options))
        })

    private static let batch = 16

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let encoder = model.encoder
        let own = Self.unit(encoder.states(tokens: encoder.tokens(of: query, as: .query)))
        let scores = try pruning.scores(candidates, batch: Self.batch, work) { part in
            let tokens = candidates[part].map { encoder.tokens(of: $0.text, as: .passage) }
            try work.reading(tokens)
            return encoder.states(tokens: tokens).map { Self.score(own, Self.unit($0)) }
        }
        return .sorted(scores)
    }

    private static func score(_ query: Matrix, _ passage: Matrix) -> Double {
        guard query.rows > 0, passage.rows > 0 else { return 0 }
        var sum = 0.0
        for row in 0..<query.rows {
            var nearest = -Double.infinity
            for other in 0..<passage.rows {
                nearest = max(
                    nearest, zip(query.row(row), passage.row(other)).reduce(0) { $0 + Double($1.0) * Double($1.1) })
            }
            sum += nearest
        }
        return sum / Double(query.rows)
    }

    /// With rows of length one.
    private static func unit(_ states: Matrix) -> Matrix {
        let values = (0..<states.rows).flatMap { row -> [Float] in
            let own = states.row(row)
            let length = own.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
            return own.map { length > 0 ? $0 / length : 0 }
        }
        return Matrix(rows: states.rows, columns: states.columns, values: values)
    }
}
