import Memory
import Tensors

/// Reverse-mode differentiation: what is computed is written down, and played back for gradients
/// (Linnainmaa 1970).
///
/// A step computes variables from constants and parameters, then ``backward(_:)`` adds the gradients
/// of one of them to every parameter that is not frozen; ``clear()`` starts the next step, whose
/// matrices take the memory of the last. Results do not depend on the number of threads, to the
/// last bit: work is divided by rows or columns of what is computed, never within a sum. Used by one
/// thread at a time.
package final class Tape {
    private struct Node {
        let value: FloatBuffer
        var gradient: FloatBuffer?
        let needsGradient: Bool
    }

    package let team: ThreadTeam
    /// Whether gradients may be asked for; without, less is computed and remembered.
    package var recordsGradients = true
    let pool = BufferPool()
    private var nodes: [Node] = []
    private var operations: [(output: Int, backward: (Tape) -> Void)] = []
    /// Buffers that operations use until the tape is cleared.
    private var kept: [FloatBuffer] = []
    private var step = 0
    private var isPlayedBack = false

    /// A tape whose work is divided among a team.
    package init(team: ThreadTeam = ThreadTeam(threads: 1)) {
        self.team = team
    }

    /// The bytes that all matrices of a step take; they stay the same from step to step once the
    /// largest batches were seen.
    package var byteCount: Int { pool.byteCount }

    /// Forgets all variables and keeps their memory for the next step.
    package func clear() {
        operations.removeAll(keepingCapacity: true)
        for node in nodes {
            pool.giveBack(node.value)
            if let gradient = node.gradient { pool.giveBack(gradient) }
        }
        nodes.removeAll(keepingCapacity: true)
        for buffer in kept { pool.giveBack(buffer) }
        kept.removeAll(keepingCapacity: true)
        step += 1
        isPlayedBack = false
    }

    /// Adds the gradient of `loss`, a single number, to all parameters that it was computed from.
    /// Once a step: several losses are added up before.
    ///
    /// - Parameter scale: what the gradient is multiplied by, such as 1/n where n batches are
    ///   accumulated.
    package func backward(_ loss: Variable, scale: Float = 1) {
        precondition(loss.count == 1, "only a single number is differentiated")
        precondition(recordsGradients, "the tape does not record gradients")
        precondition(!isPlayedBack, "a step is differentiated once")
        isPlayedBack = true
        guard needsGradient(loss) else { return }
        gradient(of: loss).base[0] = scale
        while let operation = operations.popLast() {
            guard nodes[operation.output].gradient != nil else { continue }
            operation.backward(self)
            // Nothing that is played back later reads it.
            if let gradient = nodes[operation.output].gradient {
                pool.giveBack(gradient)
                nodes[operation.output].gradient = nil
            }
        }
    }

    /// A constant, copied from a matrix.
    package func constant(_ matrix: Matrix) -> Variable {
        matrix.withUnsafeBuffer { values in
            constant(rows: matrix.rows, columns: matrix.columns) {
                _ = $0.update(fromContentsOf: values)
            }
        }
    }

    /// A constant [rows × columns] that `fill` writes in full.
    package func constant(
        rows: Int, columns: Int, fill: (UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Variable {
        let variable = make(rows: rows, columns: columns, needsGradient: false)
        fill(UnsafeMutableBufferPointer(start: value(variable), count: variable.count))
        return variable
    }

    /// A copy of a variable's elements.
    package func matrix(_ variable: Variable) -> Matrix {
        Matrix(
            rows: variable.rows, columns: variable.columns,
            values: node(variable).value.array(variable.count))
    }

    /// The only element.
    package func number(_ variable: Variable) -> Float {
        precondition(variable.count == 1)
        return value(variable)[0]
    }
}

// MARK: What operations are made of

extension Tape {
    /// A new variable without contents of meaning.
    func make(rows: Int, columns: Int, needsGradient: Bool) -> Variable {
        nodes.append(
            Node(
                value: pool.take(rows * columns), gradient: nil,
                needsGradient: needsGradient && recordsGradients))
        return Variable(index: nodes.count - 1, step: step, rows: rows, columns: columns)
    }

    /// Remembers how the gradient of `output` goes on to what it was computed from.
    func record(_ output: Variable, _ backward: @escaping (Tape) -> Void) {
        guard node(output).needsGradient else { return }
        operations.append((output.index, backward))
    }

    func needsGradient(_ variable: Variable) -> Bool { node(variable).needsGradient }

    /// Whether a parameter's gradient is wanted.
    func needsGradient(_ parameter: Parameter?) -> Bool {
        recordsGradients && parameter.map { !$0.isFrozen } ?? false
    }

    func value(_ variable: Variable) -> UnsafeMutablePointer<Float> { node(variable).value.base }

    /// The gradient of an operation's output, while it is played back.
    func outputGradient(_ variable: Variable) -> UnsafeMutablePointer<Float> {
        gradient(of: variable).base
    }

    /// Where the gradient of a variable goes, and whether it must be added to what is there.
    func gradient(of variable: Variable) -> (base: UnsafeMutablePointer<Float>, adds: Bool) {
        if let gradient = node(variable).gradient { return (gradient.base, true) }
        let gradient = pool.take(variable.count)
        nodes[variable.index].gradient = gradient
        return (gradient.base, false)
    }

    /// The gradient of a variable, zeros where nothing was added yet.
    func zeroedGradient(of variable: Variable) -> UnsafeMutablePointer<Float> {
        let (base, adds) = gradient(of: variable)
        if !adds { base.update(repeating: 0, count: variable.count) }
        return base
    }

    /// A buffer without contents of meaning that lasts until the tape is cleared.
    func keep(_ count: Int) -> UnsafeMutablePointer<Float> {
        let buffer = pool.take(count)
        kept.append(buffer)
        return buffer.base
    }

    /// A buffer without contents of meaning that lasts during `body`.
    func withScratch<R>(_ count: Int, _ body: (FloatBuffer) -> R) -> R {
        let buffer = pool.take(count)
        defer { pool.giveBack(buffer) }
        return body(buffer)
    }

    private func node(_ variable: Variable) -> Node {
        precondition(variable.step == step, "the variable belongs to a step that was cleared")
        return nodes[variable.index]
    }

    /// Runs `body` over parts of 0..<count of some `grain` each.
    func divide(_ count: Int, grain: Int, _ body: (Range<Int>) -> Void) {
        guard count > 0 else { return }
        // Teams take at most 65,535 pieces.
        let size = max(1, grain, (count + 4095) / 4096)
        team.run((count + size - 1) / size) { part in
            body(part * size..<min(count, (part + 1) * size))
        }
    }
}
