import CKernels
import Memory

extension PackedMatrix {
    /// C = A · B + bias, or C += A · B + bias where it `adds`; A is [rows × inner] and C is
    /// [rows × columns].
    ///
    /// A row of the result depends on the same row of A only, to the last bit, whatever the number
    /// of rows and threads.
    public func multiply(
        rows: Int, _ a: UnsafePointer<Float>, into c: UnsafeMutablePointer<Float>,
        bias: FrozenArray<Float>? = nil, adds: Bool = false,
        _ scratch: ProductScratch = ProductScratch()
    ) {
        precondition(bias.map { $0.count == columns } ?? true)
        guard rows > 0 else { return }
        let team = scratch.team
        if case .int8 = panels { scratch.reserve(rows: rows, inner: inner) }
        guard team.threads > 1, rows * columns * inner > PackedMatrix.worthDividing else {
            quantize(0..<rows, a, scratch)
            multiply(0..<rows, 0..<columns, a, c, bias, adds, scratch)
            return
        }
        let parts = 2 * team.threads
        if rows >= PackedMatrix.rowsWorthDividing * parts {
            let size = (rows + parts - 1) / parts
            team.run((rows + size - 1) / size) { part in
                let range = part * size..<min(rows, (part + 1) * size)
                quantize(range, a, scratch)
                multiply(range, 0..<columns, a, c, bias, adds, scratch)
            }
        } else {
            quantize(0..<rows, a, scratch)
            let panels = (columns + panelWidth - 1) / panelWidth
            let size = (panels + parts - 1) / parts * panelWidth
            team.run((columns + size - 1) / size) { part in
                multiply(
                    0..<rows, part * size..<min(columns, (part + 1) * size), a, c, bias, adds, scratch)
            }
        }
    }

    /// Products of fewer multiplications take less time than telling another thread.
    private static let worthDividing = 200_000
    /// With fewer rows in a part it is better to divide the columns: each reads its weights once.
    private static let rowsWorthDividing = 24

    private var panelWidth: Int {
        if case .int8 = panels { ck_int8_panel() } else { ck_gemm_panel() }
    }

    private func quantize(_ rows: Range<Int>, _ a: UnsafePointer<Float>, _ scratch: ProductScratch) {
        guard case .int8 = panels else { return }
        ck_int8_quantize(
            a + rows.lowerBound * inner, inner, rows.count, inner,
            scratch.bytes + rows.lowerBound * ck_int8_row_bytes(inner), scratch.rows + rows.lowerBound)
    }

    private func multiply(
        _ rows: Range<Int>, _ part: Range<Int>, _ a: UnsafePointer<Float>,
        _ c: UnsafeMutablePointer<Float>, _ bias: FrozenArray<Float>?, _ adds: Bool,
        _ scratch: ProductScratch
    ) {
        let from = a + rows.lowerBound * inner
        let to = c + rows.lowerBound * columns + part.lowerBound
        let bias = bias.map { $0.unsafeBase + part.lowerBound }
        let offset = part.lowerBound * inner
        switch panels {
        case .single(let panels):
            ck_gemm(
                rows.count, part.count, inner, 1, from, inner, 1, panels.unsafeBase + offset,
                adds ? 1 : 0, to, columns, bias)
        case .half(let panels):
            ck_gemm_half(
                rows.count, part.count, inner, 1, from, inner, 1, panels.unsafeBase + offset,
                precision.halfType, adds ? 1 : 0, to, columns, bias)
        case .int8(let panels, let scales, let sums):
            ck_int8_gemm(
                rows.count, part.lowerBound, part.count, inner,
                scratch.bytes + rows.lowerBound * ck_int8_row_bytes(inner),
                scratch.rows + rows.lowerBound, panels.unsafeBase, scales.unsafeBase, sums.unsafeBase,
                adds ? 1 : 0, to, columns, bias)
        }
    }
}
