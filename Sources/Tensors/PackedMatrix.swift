import CKernels
import Memory

/// The right-hand side of many products, rearranged once for the CPU's registers.
///
/// A BLAS rearranges it at every call. The layout depends on the machine and is never stored.
public struct PackedMatrix: Sendable {
    /// The inner dimension of a product.
    public let inner: Int
    /// The columns of a product.
    public let columns: Int
    private let panels: FrozenArray<Float>

    /// Packs Wᵀ, where W is [columns × inner] row-major, the layout of linear layers' weights.
    public init(transposing weights: UnsafeBufferPointer<Float>, columns: Int, inner: Int) {
        precondition(weights.count == columns * inner)
        self.inner = inner
        self.columns = columns
        panels = FrozenArray(count: ck_gemm_packed_count(inner, columns)) {
            ck_gemm_pack(weights.baseAddress, 1, inner, inner, columns, $0.baseAddress)
        }
    }

    /// Packs B, which is [inner × columns] row-major.
    public init(_ matrix: Matrix) {
        inner = matrix.rows
        columns = matrix.columns
        let (inner, columns) = (inner, columns)
        panels = FrozenArray(count: ck_gemm_packed_count(inner, columns)) { panels in
            matrix.withUnsafeBuffer {
                ck_gemm_pack($0.baseAddress, columns, 1, inner, columns, panels.baseAddress)
            }
        }
    }

    /// C = A · B + bias, where A is [rows × inner] and C is [rows × columns].
    ///
    /// A row of the result depends on the same row of A only, to the last bit.
    public func multiply(
        rows: Int, _ a: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
        bias: FrozenArray<Float>? = nil
    ) {
        precondition(bias.map { $0.count == columns } ?? true)
        ck_gemm(
            rows, columns, inner, 1, a, inner, 1, panels.unsafeBase, 0, c, columns, bias?.unsafeBase)
    }

    /// A · B.
    public func product(_ a: Matrix) -> Matrix {
        precondition(a.columns == inner)
        var c = Matrix(rows: a.rows, columns: columns)
        let rows = a.rows
        a.withUnsafeBuffer { a in
            c.withUnsafeMutableBuffer { c in
                guard let a = a.baseAddress, let c = c.baseAddress else { return }
                multiply(rows: rows, a, into: c)
            }
        }
        return c
    }
}
