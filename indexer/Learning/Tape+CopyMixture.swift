import CKernels
import Foundation

/// What a row may copy: the tokens of its source.
package struct CopySource {
    /// A key for each token of all sources, [tokens × d].
    package var keys: Variable
    package var sequences: Sequences
    /// The tokens; those that are never copied, such as special ones, are -1.
    package var tokens: [Int32]
    /// The source of each row that predicts.
    package var sourceOfRow: [Int32]

    package init(keys: Variable, sequences: Sequences, tokens: [Int32], sourceOfRow: [Int32]) {
        precondition(sequences.rowCount == tokens.count && keys.rows == tokens.count)
        (self.keys, self.sequences, self.tokens) = (keys, sequences, tokens)
        self.sourceOfRow = sourceOfRow
    }
}

/// What a row's next token is told from: the vocabulary, by `x` [rows × d] with the rows of a table, and its source, by
/// `query` [rows × d] and `gate` [rows × 1] (pointer generator, See, Liu and Manning 2017, equation 9):
///
///     p(t) = (1 - g) softmax(x Eᵀ + b)_t + g · Σ a_j over the source's tokens j that are t
///
/// with a = softmax(query · keys / √d) over the source's tokens and g = sigmoid(gate). A row whose source has no token to
/// copy has p = (1 - g) softmax.
package struct CopyMixture {
    package var x: Variable
    package var table: Parameter
    package var bias: Parameter
    package var query, gate: Variable
    package var source: CopySource

    package init(
        _ x: Variable, against table: Parameter, bias: Parameter, query: Variable, gate: Variable, _ source: CopySource
    ) {
        precondition(query.rows == x.rows && gate.rows == x.rows && gate.columns == 1)
        precondition(source.sourceOfRow.count == x.rows, "every row needs a source")
        precondition(query.columns == source.keys.columns, "queries and keys must fit")
        (self.x, self.table, self.bias, self.query, self.gate, self.source) = (x, table, bias, query, gate, source)
    }
}

extension Tape {
    /// -Σ w · log p(t) over the targets (t, w) of all rows, divided by `normalizer`, which is the number of rows where none
    /// is given.
    package func copyMixtureLoss(_ mixture: CopyMixture, _ targets: SoftTargets, normalizer: Float? = nil) -> Variable {
        let loss = make(rows: 1, columns: 1, needsGradient: recordsGradients)
        let pass = MixturePass(self, mixture, targets, share: 1 / (normalizer ?? Float(max(mixture.x.rows, 1))))
        value(loss)[0] = pass.softmax.total(pass.run(self))
        record(loss) { tape in pass.passBack(tape, times: tape.outputGradient(loss)[0]) }
        return loss
    }

    /// -Σ log softmax(s)_first over groups of sequences, divided by `normalizer`, where s of a sequence is the sum of
    /// log p of its rows' tokens, and the first of a group is right (a listwise softmax over what is generated, as
    /// Cao et al. 2007 have it over documents).
    ///
    /// The mixture is computed twice: the gradient of a sequence is that of its own loss, weighed with softmax(s) less
    /// one where it is right.
    ///
    /// - Parameters:
    ///   - tokens: the token of each row.
    ///   - sequences: the rows of each sequence.
    ///   - groups: the sequences of each group; none is empty.
    package func copyMixtureRanking(
        _ mixture: CopyMixture, tokens: [Int32], _ sequences: Sequences, groups: Sequences, normalizer: Float
    ) -> Variable {
        precondition(groups.rowCount == sequences.count && sequences.rowCount == tokens.count)
        let loss = make(rows: 1, columns: 1, needsGradient: recordsGradients)
        let first = MixturePass(self, mixture, SoftTargets(tokens: tokens), share: 1, keepsGradients: false)
        let rows = first.run(self)
        let scores = (0..<sequences.count).map { sequence in -sequences[sequence].reduce(0) { $0 + rows[$1] } }
        var (sum, targets) = (0.0, SoftTargets())
        for group in (0..<groups.count).map({ groups[$0] }) {
            let top = scores[group].max() ?? 0
            let total = top + log(scores[group].reduce(0) { $0 + exp($1 - top) })
            sum += total - scores[group.lowerBound]
            for sequence in group {
                let weight = (sequence == group.lowerBound ? 1 : 0) - exp(scores[sequence] - total)
                for row in sequences[sequence] { targets.append(tokens[row], weight: Float(weight)) }
            }
        }
        value(loss)[0] = Float(sum) / normalizer
        guard recordsGradients else { return loss }
        let pass = MixturePass(self, mixture, targets, share: 1 / normalizer)
        _ = pass.run(self)
        record(loss) { tape in pass.passBack(tape, times: tape.outputGradient(loss)[0]) }
        return loss
    }
}

/// A mixture's rows with their gradients, for given targets.
private struct MixturePass {
    let softmax: TableSoftmax
    private let copy: CopyAttention

    init(_ tape: Tape, _ mixture: CopyMixture, _ targets: SoftTargets, share: Float, keepsGradients: Bool = true) {
        softmax = TableSoftmax(
            tape, mixture.x, mixture.table, bias: mixture.bias, scale: 1, targets, share: share,
            keepsGradients: keepsGradients)
        copy = CopyAttention(
            tape, query: mixture.query, gate: mixture.gate, mixture.source, targets, share: share)
    }

    func run(_ tape: Tape) -> [Double] {
        softmax.run(tape) { row, logits, total, pulls in copy.weigh(row, logits, total, pulls) }
    }

    func passBack(_ tape: Tape, times factor: Float) {
        softmax.passBack(tape, times: factor)
        copy.passBack(tape, times: factor)
    }
}

/// The pointer's half of the mixture. What a row computes lies in its own places, so that rows may
/// be computed on any thread.
private struct CopyAttention {
    let query, gate: Variable
    let source: CopySource
    let targets: SoftTargets
    let share: Float
    let scale: Float
    /// Where each row's scores start.
    let offsets: [Int]
    private let queries, gates, keys: UnsafePointer<Float>
    /// The weights of each row's source tokens.
    private let weights: UnsafeMutablePointer<Float>
    /// Gradients by the scores and the gates.
    private let scoreGradient, gateGradient: UnsafeMutablePointer<Float>

    init(
        _ tape: Tape, query: Variable, gate: Variable, _ source: CopySource, _ targets: SoftTargets,
        share: Float
    ) {
        (self.query, self.gate, self.source, self.targets) = (query, gate, source, targets)
        self.share = share
        scale = 1 / Float(query.columns).squareRoot()
        var total = 0
        offsets = source.sourceOfRow.map { index in
            defer { total += source.sequences[Int(index)].count }
            return total
        }
        queries = UnsafePointer(tape.value(query))
        gates = UnsafePointer(tape.value(gate))
        keys = UnsafePointer(tape.value(source.keys))
        weights = tape.keep(max(total, 1))
        scoreGradient = tape.keep(max(total, 1))
        gateGradient = tape.keep(max(gate.rows, 1))
    }

    /// A row's loss and the vocabulary's share in each of its targets.
    func weigh(
        _ row: Int, _ logits: UnsafePointer<Float>, _ total: Float, _ pulls: UnsafeMutablePointer<Float>
    ) -> Double {
        let tokens = source.sequences[Int(source.sourceOfRow[row])]
        let weights = self.weights + offsets[row]
        let slopes = scoreGradient + offsets[row]
        attend(row, tokens, weights)
        slopes.update(repeating: 0, count: tokens.count)
        // In logarithms: either way may be so unlikely that its probability is no float.
        let logit = Double(gates[row])
        let (copies, generates) = (-softplus(-logit), -softplus(logit))
        var (loss, gateSlope, copied) = (0.0, 0.0, 0.0)
        for (place, index) in targets[row].enumerated() {
            let (token, weight) = (targets.tokens[index], Double(targets.weights[index]))
            var mass: Float = 0
            for (own, position) in tokens.enumerated() where source.tokens[position] == token {
                mass += weights[own]
            }
            let byVocabulary = generates + Double(logits[Int(token)] - total)
            let byCopy = mass > 0 ? copies + log(Double(mass)) : -.infinity
            let top = max(byVocabulary, byCopy)
            let logProbability = top + log(exp(byVocabulary - top) + exp(byCopy - top))
            let copyShare = exp(byCopy - logProbability)
            loss -= weight * logProbability
            pulls[place] = Float(weight * exp(byVocabulary - logProbability))
            gateSlope += weight * (exp(copies) - copyShare)
            guard mass > 0 else { continue }
            copied += weight * copyShare
            for (own, position) in tokens.enumerated() where source.tokens[position] == token {
                slopes[own] -= Float(weight * copyShare) * weights[own] / mass
            }
        }
        for own in 0..<tokens.count {
            slopes[own] = (slopes[own] + Float(copied) * weights[own]) * share * scale
        }
        gateGradient[row] = Float(gateSlope) * share
        return loss
    }

    /// softmax(query · keys / √d) over the tokens that may be copied; zero at the others.
    private func attend(_ row: Int, _ tokens: Range<Int>, _ weights: UnsafeMutablePointer<Float>) {
        let d = query.columns
        var top = -Float.infinity
        for (own, position) in tokens.enumerated() where source.tokens[position] >= 0 {
            weights[own] = ck_dot(queries + row * d, keys + position * d, d) * scale
            top = max(top, weights[own])
        }
        var total: Float = 0
        for (own, position) in tokens.enumerated() {
            weights[own] = source.tokens[position] >= 0 ? exp(weights[own] - top) : 0
            total += weights[own]
        }
        guard total > 0 else { return }
        for own in 0..<tokens.count { weights[own] /= total }
    }

    private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }

    /// Hands the gradients on, times that of the loss.
    func passBack(_ tape: Tape, times factor: Float) {
        let (d, rows) = (query.columns, query.rows)
        if tape.needsGradient(gate) { tape.accumulate(gateGradient, times: factor, into: gate) }
        if tape.needsGradient(query) {
            let gradient = tape.zeroedGradient(of: query)
            tape.divide(rows, grain: 16) { part in
                for row in part {
                    let tokens = source.sequences[Int(source.sourceOfRow[row])]
                    for (own, position) in tokens.enumerated() {
                        let slope = scoreGradient[offsets[row] + own] * factor
                        ck_axpy(slope, keys + position * d, gradient + row * d, d)
                    }
                }
            }
        }
        guard tape.needsGradient(source.keys) else { return }
        let gradient = tape.zeroedGradient(of: source.keys)
        let readers = Grouping(source.sourceOfRow, count: source.sequences.count)
        tape.divide(source.sequences.count, grain: 2) { part in
            for index in part {
                for row in readers[index] {
                    for (own, position) in source.sequences[index].enumerated() {
                        let slope = scoreGradient[offsets[row] + own] * factor
                        ck_axpy(slope, queries + row * d, gradient + position * d, d)
                    }
                }
            }
        }
    }
}
