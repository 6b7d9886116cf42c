extension FrozenArray where Element == UInt8 {
    /// Reads the bytes as little-endian elements of another plain type without copying.
    ///
    /// Returns nil when the bytes are not aligned for `T` or are not a whole number of elements,
    /// which in a file means damage.
    public func elements<T: BitwiseCopyable & Sendable>(of type: T.Type) -> FrozenArray<T>? {
        let stride = MemoryLayout<T>.stride
        guard count % stride == 0,
            UInt(bitPattern: base) % UInt(MemoryLayout<T>.alignment) == 0
        else { return nil }
        let pointer = UnsafeRawPointer(base).assumingMemoryBound(to: T.self)
        return FrozenArray<T>(base: pointer, count: count / stride, owner: owner)
    }
}
