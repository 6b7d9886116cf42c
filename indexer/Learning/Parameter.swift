import Tensors

/// A named matrix of weights with its gradient and the moments of its optimiser.
///
/// A frozen parameter has neither. Used by one training run at a time.
package final class Parameter {
    package let name: String
    /// As in the file: a vector or a matrix.
    package let shape: [Int]
    /// A vector is one row.
    package let rows: Int
    package let columns: Int
    package let isFrozen: Bool
    /// What the learning rate is multiplied by for this parameter.
    package let rate: Float
    /// The elements, row after row.
    let values: FloatBuffer
    /// Of the loss by the elements, once something was added.
    private(set) var gradient: FloatBuffer?
    /// Whether the gradient holds something; what it holds otherwise has no meaning.
    private(set) var hasGradient = false
    /// The averages of the gradient and of its square.
    private(set) var moments: (first: FloatBuffer, second: FloatBuffer)?
    private var forward: PackedPanels?
    private var backward: PackedPanels?
    private var isForwardCurrent = false
    private var isBackwardCurrent = false

    /// A parameter of zeros.
    package init(name: String, shape: [Int], isFrozen: Bool = false, rate: Float = 1) {
        precondition((1...2).contains(shape.count) && shape.allSatisfy { $0 > 0 })
        self.name = name
        self.shape = shape
        rows = shape.count == 2 ? shape[0] : 1
        columns = shape[shape.count - 1]
        self.isFrozen = isFrozen
        self.rate = rate
        values = FloatBuffer(count: rows * columns)
    }

    package var count: Int { rows * columns }

    /// Whether weight decay shrinks it: biases, gains and other single rows are left alone.
    package var decays: Bool { rows > 1 }

    /// A copy of the elements.
    package var matrix: Matrix { Matrix(rows: rows, columns: columns, values: values.array(count)) }

    /// A copy of the gradient; zeros where nothing was added.
    package var gradientMatrix: Matrix {
        guard hasGradient, let gradient else { return Matrix(rows: rows, columns: columns) }
        return Matrix(rows: rows, columns: columns, values: gradient.array(count))
    }

    /// Gives the elements for writing.
    package func update<R, E: Error>(
        _ body: (UnsafeMutableBufferPointer<Float>) throws(E) -> R
    ) throws(E) -> R {
        defer { changed() }
        return try body(UnsafeMutableBufferPointer(start: values.base, count: count))
    }

    /// Must be called after the elements were written: packed copies are made again when needed.
    func changed() { (isForwardCurrent, isBackwardCurrent) = (false, false) }

    /// Where gradients go, and whether they must be added to what is there.
    func takeGradient() -> (base: UnsafeMutablePointer<Float>, adds: Bool) {
        precondition(!isFrozen, "a frozen parameter has no gradient")
        let buffer = gradient ?? FloatBuffer(count: count)
        gradient = buffer
        defer { hasGradient = true }
        return (buffer.base, hasGradient)
    }

    /// Forgets the gradient.
    package func clearGradient() { hasGradient = false }

    /// The optimiser's averages, zeros at first.
    func takeMoments() -> (first: FloatBuffer, second: FloatBuffer) {
        let own = moments ?? (FloatBuffer(count: count), FloatBuffer(count: count))
        moments = own
        return own
    }

    /// Starts the averages with zeros again.
    func forgetMoments() { moments = nil }

    /// Wᵀ [columns × rows], packed; once for each change of the elements.
    func transposedPanels(_ team: ThreadTeam) -> PackedPanels {
        let panels = forward ?? PackedPanels(inner: columns, columns: rows)
        forward = panels
        if !isForwardCurrent {
            panels.pack(values.base, rowStride: 1, columnStride: columns, team)
            isForwardCurrent = true
        }
        return panels
    }

    /// W [rows × columns], packed; once for each change of the elements.
    func plainPanels(_ team: ThreadTeam) -> PackedPanels {
        let panels = backward ?? PackedPanels(inner: rows, columns: columns)
        backward = panels
        if !isBackwardCurrent {
            panels.pack(values.base, rowStride: columns, columnStride: 1, team)
            isBackwardCurrent = true
        }
        return panels
    }
}
