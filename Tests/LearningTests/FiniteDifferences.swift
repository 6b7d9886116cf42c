import Learning
import Memory
import Tensors
import Testing

/// Gradients beside differences of the loss.
enum FiniteDifferences {
    /// Compares the gradient of every element of some parameters with a difference quotient of
    /// fourth order. Elements and losses should be about one, so that rounding does not matter.
    static func check(
        _ parameters: [Parameter], tolerance: Float = 1e-2, step: Float = 2e-2,
        sourceLocation: SourceLocation = #_sourceLocation, _ loss: (Tape) -> Variable
    ) {
        let tape = Tape()
        tape.backward(loss(tape))
        let gradients = parameters.map(\.gradientMatrix.values)
        func number(_ parameter: Parameter, _ index: Int, _ change: Float) -> Double {
            parameter.update { $0[index] += change }
            defer { parameter.update { $0[index] -= change } }
            tape.clear()
            return Double(tape.number(loss(tape)))
        }
        tape.recordsGradients = false
        for (parameter, gradient) in zip(parameters, gradients) {
            var largest: Float = 0
            for index in 0..<parameter.count {
                let near = number(parameter, index, step) - number(parameter, index, -step)
                let far = number(parameter, index, 2 * step) - number(parameter, index, -2 * step)
                let difference = Float((8 * near - far) / (12 * Double(step)))
                let bound = tolerance * max(abs(difference), abs(gradient[index])) + 1e-4
                #expect(
                    abs(difference - gradient[index]) <= bound,
                    "\(parameter.name)[\(index)]: gradient \(gradient[index]), difference \(difference)",
                    sourceLocation: sourceLocation)
                largest = max(largest, abs(difference))
            }
            // A test of zeros would test nothing.
            #expect(largest > 5e-3, "\(parameter.name) has no influence", sourceLocation: sourceLocation)
        }
    }

    /// A parameter of normal numbers.
    static func parameter(_ name: String, _ rows: Int, _ columns: Int, seed: UInt64 = 1) -> Parameter {
        let parameter = Parameter(name: name, shape: rows == 1 ? [columns] : [rows, columns])
        Initialization.normal(deviation: 0.7).fill(parameter, seed: seed)
        return parameter
    }

    /// Targets of two tokens a row.
    static func targets(_ rows: Int, _ columns: Int) -> SoftTargets {
        var targets = SoftTargets()
        for row in 0..<rows {
            let (one, two) = (Int32(row * 7 % columns), Int32((row * 3 + 1) % columns))
            targets.append([(token: one, weight: Float(0.7)), (token: two, weight: Float(0.6))])
        }
        return targets
    }
}

extension Tape {
    /// A parameter as a variable.
    func all(_ parameter: Parameter) -> Variable { rows(of: parameter, (0..<Int32(parameter.rows)).map { $0 }) }

    /// A number that depends on all elements of x.
    func summary(_ x: Variable) -> Variable {
        crossEntropy(x, FiniteDifferences.targets(x.rows, x.columns))
    }
}
