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
    public let precision: Precision
    let panels: Panels

    /// The elements, panel after panel.
    enum Panels: Sendable {
        case single(FrozenArray<Float>)
        case half(FrozenArray<UInt16>)
        /// With a scale and a sum for each column.
        case int8(FrozenArray<Int8>, scales: FrozenArray<Float>, sums: FrozenArray<Int32>)
    }

    /// Packs Wᵀ, where W is [columns × inner] row-major, the layout of linear layers' weights.
    public init(
        transposing weights: UnsafeBufferPointer<Float>, columns: Int, inner: Int
    ) {
        self.init(transposing: weights, columns: columns, inner: inner, precision: .float32, in: nil)
    }

    /// Packs Wᵀ with another precision, in an arena where one is given.
    package init(
        transposing weights: UnsafeBufferPointer<Float>, columns: Int, inner: Int,
        precision: Precision, in arena: HeapArena?
    ) {
        precondition(weights.count == columns * inner)
        self.init(
            weights.baseAddress, rowStride: 1, columnStride: inner, inner: inner, columns: columns,
            precision, arena)
    }

    /// Packs B, which is [inner × columns] row-major.
    public init(_ matrix: Matrix) {
        self = matrix.withUnsafeBuffer {
            PackedMatrix(
                $0.baseAddress, rowStride: matrix.columns, columnStride: 1, inner: matrix.rows,
                columns: matrix.columns, .float32, nil)
        }
    }

    private init(
        _ base: UnsafePointer<Float>?, rowStride: Int, columnStride: Int, inner: Int, columns: Int,
        _ precision: Precision, _ arena: HeapArena?
    ) {
        self.inner = inner
        self.columns = columns
        self.precision = precision
        let count = ck_gemm_packed_count(inner, columns)
        switch precision {
        case .float32:
            panels = .single(
                FrozenArray(count: count, in: arena) {
                    ck_gemm_pack(base, rowStride, columnStride, inner, columns, $0.baseAddress)
                })
        case .float16, .bfloat16:
            panels = .half(
                FrozenArray(count: count, in: arena) {
                    ck_gemm_pack_half(
                        base, rowStride, columnStride, inner, columns, precision.halfType, $0.baseAddress)
                })
        case .int8:
            // A panel's worth of scales and sums more, because the last panel is read whole.
            let padded = columns + ck_int8_panel()
            var (scales, sums) = ([Float](repeating: 0, count: padded), [Int32](repeating: 0, count: padded))
            let bytes = FrozenArray<Int8>(count: ck_int8_packed_count(inner, columns), in: arena) { bytes in
                ck_int8_pack(base, columnStride, columns, inner, bytes.baseAddress, &scales, &sums)
            }
            panels = .int8(bytes, scales: FrozenArray(scales), sums: FrozenArray(sums))
        }
    }

    /// A · B.
    public func product(_ a: Matrix) -> Matrix {
        precondition(a.columns == inner)
        var c = Matrix(rows: a.rows, columns: columns)
        let rows = a.rows
        let scratch = ProductScratch()
        a.withUnsafeBuffer { a in
            c.withUnsafeMutableBuffer { c in
                guard let a = a.baseAddress, let c = c.baseAddress else { return }
                multiply(rows: rows, a, into: c, scratch)
            }
        }
        return c
    }
}

extension Precision {
    /// The kernels' name of a 16-bit type.
    var halfType: CInt { self == .float16 ? CInt(CK_FLOAT16) : CInt(CK_BFLOAT16) }
}
