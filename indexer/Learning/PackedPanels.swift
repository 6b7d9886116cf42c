import CKernels
import Tensors

/// The right-hand side of products, packed in place again and again as a weight changes.
///
/// ``PackedMatrix`` is immutable; what is trained changes every step. The inner dimension is cut
/// into blocks that the second cache holds beside a part of the left-hand side, so that also very
/// long ones run at full speed. An element of a product is summed in rising order of the inner
/// dimension, whatever the threads.
final class PackedPanels {
    let inner: Int
    let columns: Int
    private let buffer: FloatBuffer

    /// Rows of the inner dimension that are multiplied at a time.
    private static let depth = 512
    /// The elements of a matrix that caches hold.
    private static let cached = 4 << 20

    /// Room for a matrix [inner × columns], not yet packed.
    init(inner: Int, columns: Int) {
        self.inner = inner
        self.columns = columns
        buffer = FloatBuffer(count: Self.count(inner: inner, columns: columns))
    }

    /// Room in a buffer of at least ``count(inner:columns:)`` floats.
    init(inner: Int, columns: Int, in buffer: FloatBuffer) {
        precondition(buffer.count >= Self.count(inner: inner, columns: columns))
        self.inner = inner
        self.columns = columns
        self.buffer = buffer
    }

    /// The floats that a packed matrix takes.
    static func count(inner: Int, columns: Int) -> Int { ck_gemm_packed_count(inner, columns) }

    /// Packs B, whose element (p, j) is `base[p * rowStride + j * columnStride]`.
    func pack(
        _ base: UnsafePointer<Float>, rowStride: Int, columnStride: Int, _ team: ThreadTeam
    ) {
        let (panel, blocks) = (ck_gemm_panel(), (inner + Self.depth - 1) / Self.depth)
        // Some hundred thousand elements a piece.
        let width = max(1, 128 * 1024 / max(1, min(inner, Self.depth)) / panel) * panel
        let parts = (columns + width - 1) / width
        team.run(parts * blocks) { piece in
            let (start, from) = (piece / parts * Self.depth, piece % parts * width)
            let depth = min(Self.depth, inner - start)
            ck_gemm_pack(
                base + start * rowStride + from * columnStride, rowStride, columnStride, depth,
                min(width, columns - from), block(start) + from * depth)
        }
    }

    /// C = alpha · A · B + beta · C + bias, divided among a team; A is [rows × inner], its rows
    /// `stride` apart, and C's rows are `resultStride` apart.
    func multiply(
        rows: Int, _ a: UnsafePointer<Float>, stride: Int, into c: UnsafeMutablePointer<Float>,
        resultStride: Int, alpha: Float = 1, beta: Float = 0, bias: UnsafePointer<Float>? = nil,
        _ team: ThreadTeam
    ) {
        let panel = ck_gemm_panel()
        let wanted = 4 * team.threads
        var (height, width) = (rows, columns)
        if team.threads > 1 {
            // A right-hand side too large for any cache is read once, by columns; others are
            // read again by each part of the rows.
            if inner * columns <= Self.cached { height = max(48, (rows + wanted - 1) / wanted) }
            let columnParts = max(1, wanted * height / max(rows, 1))
            width = (max(96, (columns + columnParts - 1) / columnParts) + panel - 1) / panel * panel
        }
        let rowParts = (rows + height - 1) / height
        let columnParts = (columns + width - 1) / width
        team.run(rowParts * columnParts) { piece in
            let (row, column) = (piece % rowParts * height, piece / rowParts * width)
            multiply(
                row..<min(rows, row + height), column..<min(columns, column + width), a, stride, c,
                resultStride, alpha, beta, bias)
        }
    }

    /// A part of a product, on the calling thread; columns start at a whole panel.
    func multiply(
        _ rows: Range<Int>, _ part: Range<Int>, _ a: UnsafePointer<Float>, _ stride: Int,
        _ c: UnsafeMutablePointer<Float>, _ resultStride: Int, _ alpha: Float, _ beta: Float,
        _ bias: UnsafePointer<Float>?
    ) {
        var start = 0
        repeat {
            let depth = min(Self.depth, inner - start)
            ck_gemm(
                rows.count, part.count, depth, alpha, a + rows.lowerBound * stride + start, stride, 1,
                block(start) + part.lowerBound * depth, start == 0 ? beta : 1,
                c + rows.lowerBound * resultStride + part.lowerBound, resultStride,
                start == 0 ? bias.map { $0 + part.lowerBound } : nil)
            start += depth
        } while start < inner
    }

    /// Where the rows from `start` on are, `start` being a multiple of the depth.
    private func block(_ start: Int) -> UnsafeMutablePointer<Float> {
        buffer.base + Self.count(inner: start, columns: columns)
    }
}
