import CKernels

/// Operations on dense vectors.
public enum Vector {
    /// The inner product.
    @inlinable
    public static func dot(_ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>) -> Float {
        precondition(a.count == b.count)
        return ck_dot(a.baseAddress, b.baseAddress, a.count)
    }

    /// The inner product.
    public static func dot(_ a: [Float], _ b: [Float]) -> Float {
        precondition(a.count == b.count)
        return ck_dot(a, b, a.count)
    }

    /// y += alpha · x
    public static func add(
        _ x: UnsafeBufferPointer<Float>, times alpha: Float = 1,
        to y: UnsafeMutableBufferPointer<Float>
    ) {
        precondition(x.count == y.count)
        ck_axpy(alpha, x.baseAddress, y.baseAddress, x.count)
    }

    /// Scales to length one; a vector of zeros stays.
    public static func normalize(_ x: UnsafeMutableBufferPointer<Float>) {
        let length = ck_dot(x.baseAddress, x.baseAddress, x.count).squareRoot()
        guard length > 0 else { return }
        // Dividing keeps the result of equal vectors equal, whatever their length.
        for index in x.indices { x[index] /= length }
    }

    /// Scales to length one; a vector of zeros stays.
    public static func normalize(_ x: inout [Float]) {
        x.withUnsafeMutableBufferPointer { normalize($0) }
    }
}
