import CKernels
import Foundation

/// A softmax over all rows of a large table, with its gradients computed in the same pass.
///
/// Logits of some rows are computed, turned into their own gradient in place, multiplied back and
/// forgotten: some 32 MB of them exist at a time, where all rows of a step times 30,522 words would
/// be hundreds. The gradients wait, for a loss of weight one, until the tape plays the operation
/// back.
struct TableSoftmax {
    let input: Variable
    let table: Parameter
    let bias: Parameter?
    /// What products of input and table are multiplied by.
    let scale: Float
    let targets: SoftTargets
    /// What each row's loss is multiplied by.
    let share: Float

    private let inputGradient: UnsafeMutablePointer<Float>?
    private let tableGradient: UnsafeMutablePointer<Float>?
    private let biasGradient: UnsafeMutablePointer<Float>?

    init(
        _ tape: Tape, _ input: Variable, _ table: Parameter, bias: Parameter?, scale: Float,
        _ targets: SoftTargets, share: Float, keepsGradients: Bool = true
    ) {
        precondition(input.columns == table.columns, "the table must fit the input")
        precondition(bias.map { $0.count == table.rows } ?? true, "the bias must fit the table")
        precondition(targets.count == input.rows && targets.fit(table.rows), "the targets must fit")
        (self.input, self.table, self.bias, self.scale) = (input, table, bias, scale)
        (self.targets, self.share) = (targets, share)
        inputGradient = keepsGradients && tape.needsGradient(input) ? tape.keep(input.count) : nil
        tableGradient = keepsGradients && tape.needsGradient(table) ? tape.keep(table.count) : nil
        biasGradient = keepsGradients && tape.needsGradient(bias) ? tape.keep(table.rows) : nil
    }

    /// Computes every row's loss, not yet times `share`; the gradients as well, where any is wanted.
    ///
    /// - Parameter weigh: what a row does with its logits and the logarithm of the sum of their
    ///   exponentials: it returns its loss, and puts into the last argument the weight with which
    ///   each of its targets pulls. Called on any thread, once a row.
    func run(
        _ tape: Tape,
        _ weigh: (Int, UnsafePointer<Float>, Float, UnsafeMutablePointer<Float>) -> Double
    ) -> [Double] {
        let (n, d, rows) = (table.rows, table.columns, input.rows)
        guard rows > 0 else { return [] }
        let (x, pulls) = (tape.value(input), tape.keep(max(targets.tokens.count, 1)))
        let wantsGradient = inputGradient != nil || tableGradient != nil || biasGradient != nil
        // It depends on sizes alone, as sums over rows depend on it.
        let chunk = min(rows, max(48, (8 << 20) / n / 48 * 48))
        var losses = [Double](repeating: 0, count: rows)
        tape.withScratch(chunk * n) { buffer in
            let logits = buffer.base
            for start in stride(from: 0, to: rows, by: chunk) {
                let count = min(chunk, rows - start)
                table.transposedPanels(tape.team).multiply(
                    rows: count, x + start * d, stride: d, into: logits, resultStride: n, alpha: scale,
                    bias: bias?.values.base, tape.team)
                losses.withUnsafeMutableBufferPointer { losses in
                    tape.divide(count, grain: 4) { part in
                        for row in part {
                            let own = logits + row * n
                            let range = targets[start + row]
                            let pull = pulls + range.lowerBound
                            let total = ck_log_sum_exp(own, n)
                            losses[start + row] = weigh(start + row, own, total, pull)
                            guard wantsGradient else { continue }
                            var weight: Float = 0
                            for index in 0..<range.count { weight += pull[index] }
                            ck_exp_shifted(own, n, total, weight * share)
                            for index in range {
                                own[Int(targets.tokens[index])] -= pulls[index] * share
                            }
                        }
                    }
                }
                if wantsGradient { multiplyBack(tape, logits, start, count, x + start * d) }
            }
        }
        return losses
    }

    /// The loss of all rows.
    func total(_ losses: [Double]) -> Float { Float(losses.reduce(0, +) * Double(share)) }

    /// From the logits' gradients to those of input, table and bias.
    private func multiplyBack(
        _ tape: Tape, _ slopes: UnsafePointer<Float>, _ start: Int, _ count: Int, _ x: UnsafePointer<Float>
    ) {
        let (n, d) = (table.rows, table.columns)
        if let inputGradient {
            table.plainPanels(tape.team).multiply(
                rows: count, slopes, stride: n, into: inputGradient + start * d, resultStride: d,
                alpha: scale, tape.team)
        }
        if let tableGradient {
            tape.addProduct(
                rows: count, slopes, columns: n, x, columns: d, into: tableGradient, adds: start > 0,
                alpha: scale)
        }
        if let biasGradient {
            tape.divide(n, grain: 2048) { part in
                ck_sum_rows(
                    slopes + part.lowerBound, count, part.count, n, start > 0 ? 1 : 0,
                    biasGradient + part.lowerBound)
            }
        }
    }

    /// Hands the gradients on, times that of the loss.
    func passBack(_ tape: Tape, times factor: Float) {
        if let inputGradient { tape.accumulate(inputGradient, times: factor, into: input) }
        if let tableGradient { tape.accumulate(tableGradient, times: factor, into: table) }
        if let bias, let biasGradient { tape.accumulate(biasGradient, times: factor, into: bias) }
    }
}

extension Tape {
    /// The cross-entropy of softmax(x Eᵀ · scale + b) with soft targets, as
    /// ``crossEntropy(_:_:normalizer:)`` computes it from logits, for tables E [n × d] too large to
    /// keep their logits: a vocabulary, or all documents of a corpus (Zhan et al. 2021, with
    /// `scale` one over the temperature). E may be frozen.
    package func crossEntropy(
        _ x: Variable, against table: Parameter, bias: Parameter? = nil, scale: Float = 1,
        _ targets: SoftTargets, normalizer: Float? = nil
    ) -> Variable {
        let loss = make(
            rows: 1, columns: 1,
            needsGradient: needsGradient(x) || needsGradient(table) || needsGradient(bias))
        let softmax = TableSoftmax(
            self, x, table, bias: bias, scale: scale, targets,
            share: 1 / (normalizer ?? Float(max(x.rows, 1))))
        let losses = softmax.run(self) { row, logits, total, pulls in
            var loss = 0.0
            for (place, index) in targets[row].enumerated() {
                let logit = logits[Int(targets.tokens[index])]
                loss += Double(targets.weights[index]) * Double(total - logit)
                pulls[place] = targets.weights[index]
            }
            return loss
        }
        value(loss)[0] = softmax.total(losses)
        record(loss) { tape in softmax.passBack(tape, times: tape.outputGradient(loss)[0]) }
        return loss
    }

    /// The mean of -log(sum of w_t softmax(x Eᵀ · scale)_t over a row's targets t): the marginal
    /// likelihood, where any of several rows of E is right. Rows without a target have no loss.
    package func crossEntropy(
        _ x: Variable, against table: Parameter, scale: Float = 1, anyOf targets: SoftTargets,
        normalizer: Float? = nil
    ) -> Variable {
        let loss = make(rows: 1, columns: 1, needsGradient: needsGradient(x) || needsGradient(table))
        let softmax = TableSoftmax(
            self, x, table, bias: nil, scale: scale, targets,
            share: 1 / (normalizer ?? Float(max(x.rows, 1))))
        let losses = softmax.run(self) { row, logits, total, pulls in
            let range = targets[row]
            func term(_ index: Int) -> Float { logits[Int(targets.tokens[index])] + log(targets.weights[index]) }
            guard let highest = range.map(term).max() else { return 0 }
            var mass: Float = 0
            for (place, index) in range.enumerated() {
                pulls[place] = exp(term(index) - highest)
                mass += pulls[place]
            }
            for place in 0..<range.count { pulls[place] /= mass }
            return Double(total - highest) - Double(log(mass))
        }
        value(loss)[0] = softmax.total(losses)
        record(loss) { tape in softmax.passBack(tape, times: tape.outputGradient(loss)[0]) }
        return loss
    }

    /// Adds `factor` times a gradient to that of a parameter.
    func accumulate(_ dy: UnsafePointer<Float>, times factor: Float, into parameter: Parameter) {
        let (dx, adds) = parameter.takeGradient()
        divide(parameter.count, grain: 16_384) { part in
            if !adds { (dx + part.lowerBound).update(repeating: 0, count: part.count) }
            ck_axpy(factor, dy + part.lowerBound, dx + part.lowerBound, part.count)
        }
    }
}
