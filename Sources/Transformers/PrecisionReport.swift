import CKernels
import Memory
import Tensors

/// How far a model of lower precision is from the same model in single precision.
package struct PrecisionReport: Sendable {
    /// Pooled encoder states, where there is an encoder: 1 - cosine, the mean and the largest.
    package var pooledDistance: (mean: Double, largest: Double)?
    /// Log-probabilities of given tokens, where there is a decoder: the mean and the largest
    /// absolute difference.
    package var logProbDifference: (mean: Double, largest: Double)?
    /// How many of the given tokens' positions keep their most probable token.
    package var sameBest: (count: Int, of: Int)?

    /// Runs both models on texts; a decoder predicts each text's tokens, from the text where there
    /// is an encoder, and from its first token otherwise.
    ///
    /// - Throws: ``ModelError`` when a text cannot be read.
    package init(
        _ reference: TransformerModel, _ other: TransformerModel, texts: [[Int32]]
    ) throws(ModelError) {
        if reference.encoder != nil {
            var distances: [Double] = []
            for text in texts {
                let (a, b) = (try reference.encode([text])[0], try other.encode([text])[0])
                distances.append(1 - Self.cosine(Self.mean(a), Self.mean(b)))
            }
            pooledDistance = (Self.mean(distances), distances.max() ?? 0)
        }
        guard reference.decoder != nil else { return }
        var differences: [Double] = []
        var same = 0
        for text in texts where text.count > 1 {
            let hasEncoder = reference.encoder != nil
            let (source, target) = hasEncoder ? (text, text) : ([text[0]], Array(text.dropFirst()))
            let a = try reference.session([source]).distributions(of: target)
            let b = try other.session([source]).distributions(of: target)
            for (index, token) in target.enumerated() {
                differences.append(Double(abs(a[index, Int(token)] - b[index, Int(token)])))
                same += Self.best(a.row(index)) == Self.best(b.row(index)) ? 1 : 0
            }
        }
        logProbDifference = (Self.mean(differences), differences.max() ?? 0)
        sameBest = (same, differences.count)
    }

    private static func best(_ row: ArraySlice<Float>) -> Int {
        row.indices.max { (row[$0], $1) < (row[$1], $0) }.map { $0 - row.startIndex } ?? 0
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func mean(_ states: Matrix) -> [Float] {
        (0..<states.columns).map { column in
            (0..<states.rows).reduce(0) { $0 + states[$1, column] } / Float(max(states.rows, 1))
        }
    }

    private static func cosine(_ a: [Float], _ b: [Float]) -> Double {
        func dot(_ a: [Float], _ b: [Float]) -> Double {
            zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }
}
