/// Zeroed, cache-line aligned memory that is freed with its last reference.
package final class HeapAllocation: @unchecked Sendable {
    package let pointer: UnsafeMutableRawPointer
    package let byteCount: Int

    package init(bytes: Int) {
        byteCount = max(bytes, 64)
        pointer = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    }

    deinit { pointer.deallocate() }
}
