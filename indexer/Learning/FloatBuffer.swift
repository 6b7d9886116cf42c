import Memory

/// Zeroed floats at a place of their own, aligned to a cache line; freed with the last reference.
///
/// The kernels work on its address; whoever holds a buffer must keep it while they do.
final class FloatBuffer {
    let base: UnsafeMutablePointer<Float>
    let count: Int
    private let owner: HeapAllocation

    init(count: Int) {
        owner = HeapAllocation(bytes: count * MemoryLayout<Float>.stride)
        base = owner.pointer.bindMemory(to: Float.self, capacity: max(count, 16))
        self.count = count
    }

    /// The first `count` floats, as a value.
    func array(_ count: Int) -> [Float] {
        precondition(count <= self.count)
        defer { withExtendedLifetime(owner) {} }
        return Array(UnsafeBufferPointer(start: base, count: count))
    }
}

/// Buffers of a tape's step, which the next step uses again.
///
/// Sizes are rounded up to a quarter of a power of two, so that batches of slightly different sizes
/// find what earlier ones left: after some steps nothing is allocated any more.
final class BufferPool {
    private var free: [[FloatBuffer]] = []
    /// Of all buffers, whether in use or not.
    private(set) var byteCount = 0

    /// A buffer of at least `count` floats without contents of meaning.
    func take(_ count: Int) -> FloatBuffer {
        let (kind, size) = Self.kind(of: count)
        if kind < free.count, let buffer = free[kind].popLast() { return buffer }
        byteCount += size * MemoryLayout<Float>.stride
        return FloatBuffer(count: size)
    }

    /// Takes back a buffer that ``take(_:)`` gave.
    func giveBack(_ buffer: FloatBuffer) {
        let (kind, _) = Self.kind(of: buffer.count)
        while free.count <= kind { free.append([]) }
        free[kind].append(buffer)
    }

    /// The number of a size and the floats it has: 2^e · (1 + q/4) for q in 0..<4.
    private static func kind(of count: Int) -> (number: Int, size: Int) {
        let least = 1024
        guard count > least else { return (0, least) }
        let exponent = Int.bitWidth - 1 - (count - 1).leadingZeroBitCount
        let quarter = (1 << exponent) / 4
        let quarters = (count - (1 << exponent) + quarter - 1) / quarter
        return (4 * (exponent - 10) + quarters, (1 << exponent) + quarters * quarter)
    }
}
