import CKernels

#if canImport(Accelerate)
import Accelerate
#endif

/// General products: BLAS's sgemm and sgemv, on one thread.
///
/// On x86 with AVX2 or AVX-512 the package's own kernel does the work: a BLAS that does not know
/// the CPU falls back to its oldest code, which is several times slower. Elsewhere it is the BLAS, where the
/// system has one.
public enum Product {
    /// How a matrix operand is read.
    public struct Operand {
        let base: UnsafePointer<Float>
        let stride: Int
        let isTransposed: Bool

        /// A row-major operand whose rows are `stride` elements apart.
        public init(_ base: UnsafePointer<Float>, stride: Int, transposed: Bool = false) {
            self.base = base
            self.stride = stride
            isTransposed = transposed
        }

        var rowStride: Int { isTransposed ? 1 : stride }
        var columnStride: Int { isTransposed ? stride : 1 }
    }

    /// C = alpha · op(A) · op(B) + beta · C, where op(A) is m × k, op(B) is k × n and C's rows are
    /// `stride` elements apart; with beta 0, C is not read.
    public static func sgemm(
        m: Int, n: Int, k: Int, alpha: Float = 1, _ a: Operand, _ b: Operand, beta: Float = 0,
        into c: UnsafeMutablePointer<Float>, stride: Int
    ) {
        guard m > 0, n > 0 else { return }
        if ck_tensor_is_wide() == 0, callBLAS(m, n, k, alpha, a, b, beta, c, stride) { return }
        withUnsafeTemporaryAllocation(of: Float.self, capacity: ck_gemm_packed_count(k, n)) {
            ck_gemm_pack(b.base, b.rowStride, b.columnStride, k, n, $0.baseAddress)
            ck_gemm(
                m, n, k, alpha, a.base, a.rowStride, a.columnStride, $0.baseAddress, beta, c, stride, nil)
        }
    }

    /// - Returns: whether there is a BLAS.
    private static func callBLAS(
        _ m: Int, _ n: Int, _ k: Int, _ alpha: Float, _ a: Operand, _ b: Operand, _ beta: Float,
        _ c: UnsafeMutablePointer<Float>, _ stride: Int
    ) -> Bool {
        #if canImport(Accelerate)
        cblas_sgemm(
            CblasRowMajor, a.isTransposed ? CblasTrans : CblasNoTrans,
            b.isTransposed ? CblasTrans : CblasNoTrans, Int32(m), Int32(n), Int32(k), alpha,
            a.base, Int32(a.stride), b.base, Int32(b.stride), beta, c, Int32(stride))
        return true
        #else
        guard let sgemm = SystemBLAS.sgemm else { return false }
        sgemm(
            SystemBLAS.rowMajor, a.isTransposed ? SystemBLAS.transposed : SystemBLAS.plain,
            b.isTransposed ? SystemBLAS.transposed : SystemBLAS.plain, Int32(m), Int32(n), Int32(k), alpha,
            a.base, Int32(a.stride), b.base, Int32(b.stride), beta, c, Int32(stride))
        return true
        #endif
    }

    /// y = A · x, where A is [rows × columns] row-major.
    public static func sgemv(
        rows: Int, columns: Int, _ a: UnsafePointer<Float>, _ x: UnsafePointer<Float>,
        into y: UnsafeMutablePointer<Float>
    ) {
        for row in 0..<rows { y[row] = ck_dot(a + row * columns, x, columns) }
    }
}
