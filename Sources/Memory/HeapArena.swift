/// Memory for many arrays that live equally long, such as a model's weights.
///
/// Pieces lie one after the other in large mappings, so that small arrays too are in huge pages: a
/// pass over all of them then spends nothing on translating addresses. A mapping is freed with the
/// last array in it. Used by one thread at a time.
package final class HeapArena {
    private var chunk: HeapAllocation?
    private var used = 0

    private static let chunkBytes = 64 << 20

    package init() {}

    /// Zeroed memory, aligned to a cache line, and what keeps it alive.
    func take(_ bytes: Int) -> (start: UnsafeMutableRawPointer, owner: HeapAllocation) {
        let size = (bytes + 63) / 64 * 64
        if let chunk, used + size <= chunk.byteCount {
            defer { used += size }
            return (chunk.pointer + used, chunk)
        }
        // What does not fit gets a mapping of its own size, so that little is left unused.
        let next = HeapAllocation(bytes: max(size, Self.chunkBytes))
        if size < Self.chunkBytes || chunk == nil { (chunk, used) = (next, size) }
        return (next.pointer, next)
    }
}
