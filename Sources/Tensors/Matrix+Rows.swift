import CKernels

extension Matrix {
    /// Replaces each row by its softmax.
    public mutating func softmaxRows() {
        guard columns > 0 else { return }
        let (rows, columns) = (rows, columns)
        withUnsafeMutableBuffer { ck_softmax_rows($0.baseAddress, rows, columns, columns) }
    }

    /// Replaces each row x by (x - mean) / √(variance + epsilon) · gain + bias
    /// (Ba, Kiros and Hinton 2016).
    public mutating func layerNormRows(gain: [Float], bias: [Float], epsilon: Float) {
        precondition(gain.count == columns && bias.count == columns)
        guard columns > 0 else { return }
        let (rows, columns) = (rows, columns)
        withUnsafeMutableBuffer {
            ck_layer_norm_rows($0.baseAddress, nil, rows, columns, gain, bias, epsilon)
        }
    }

    /// Replaces each element x by x · Φ(x), the exact Gaussian error linear unit, to about 1e-6.
    public mutating func gelu() {
        withUnsafeMutableBuffer { ck_gelu($0.baseAddress, $0.count) }
    }

    /// Scales each row to length one; rows of zeros stay.
    public mutating func normalizeRows() {
        let (rows, columns) = (rows, columns)
        withUnsafeMutableBuffer { buffer in
            for row in 0..<rows {
                Vector.normalize(
                    UnsafeMutableBufferPointer(rebasing: buffer[row * columns..<(row + 1) * columns]))
            }
        }
    }
}
