import CKernels
import Memory

/// What a task's products work with: its threads, and room for rounded activations.
public final class ProductScratch {
    public let team: ThreadTeam
    private var bytesOwner = HeapAllocation(bytes: 0)
    private var rowsOwner = HeapAllocation(bytes: 0)

    /// Products divided among a team; by default the caller works alone.
    public init(team: ThreadTeam = ThreadTeam(threads: 1)) {
        self.team = team
    }

    /// Makes room for so many rows of activations.
    func reserve(rows: Int, inner: Int) {
        let size = rows * ck_int8_row_bytes(inner)
        if size > bytesOwner.byteCount { bytesOwner = HeapAllocation(bytes: size) }
        let rowSize = rows * MemoryLayout<ck_int8_row>.stride
        if rowSize > rowsOwner.byteCount { rowsOwner = HeapAllocation(bytes: rowSize) }
    }

    var bytes: UnsafeMutablePointer<UInt8> {
        bytesOwner.pointer.assumingMemoryBound(to: UInt8.self)
    }

    var rows: UnsafeMutablePointer<ck_int8_row> {
        rowsOwner.pointer.assumingMemoryBound(to: ck_int8_row.self)
    }
}
