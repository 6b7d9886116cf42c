import Memory

/// Floats that live as long as the value, with no contents of meaning.
///
/// A local buffer must be kept with `withExtendedLifetime` while its pointer is in use.
struct ScratchBuffer {
    private(set) var base: UnsafeMutablePointer<Float>
    private(set) var count: Int
    private var owner: HeapAllocation

    init(count: Int = 0) {
        owner = HeapAllocation(bytes: count * MemoryLayout<Float>.stride)
        base = owner.pointer.bindMemory(to: Float.self, capacity: max(count, 16))
        self.count = count
    }

    /// Makes room for `count` floats; the contents are lost when there was less.
    mutating func reserve(_ count: Int) {
        if count > self.count { self = ScratchBuffer(count: count) }
    }

    /// Makes room for `count` floats and keeps the contents.
    mutating func grow(_ count: Int) {
        guard count > self.count else { return }
        let grown = ScratchBuffer(count: max(count, 2 * self.count))
        // The pointer alone would not keep the old memory until it is copied.
        withExtendedLifetime(owner) { grown.base.update(from: base, count: self.count) }
        self = grown
    }
}
