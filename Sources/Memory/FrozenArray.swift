/// An immutable array of plain values that lives on the heap or inside a memory-mapped file.
///
/// Index structures are written once and then only read, from many threads at a time. A
/// `FrozenArray` keeps whatever owns its bytes alive (an allocation, a mapped file), so that a
/// structure does not know or care where it lives. Copying it copies a reference.
public struct FrozenArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
    // Unchecked because of the pointer; the bytes behind it never change after init.
    @usableFromInline let base: UnsafePointer<Element>
    public let count: Int
    @usableFromInline let owner: AnyObject?

    /// Wraps `count` elements at `base`, kept valid for as long as `owner` lives.
    package init(base: UnsafePointer<Element>, count: Int, owner: AnyObject?) {
        self.base = base
        self.count = count
        self.owner = owner
    }

    /// Copies the elements of `array` into an allocation of their own.
    package init(_ array: [Element]) {
        self.init(count: array.count) { buffer in
            _ = buffer.initialize(fromContentsOf: array)
        }
    }

    /// Allocates `count` elements, lets `initialize` fill them all, then freezes them.
    ///
    /// The allocation is aligned to a cache line and its contents are zero before the call.
    package init(count: Int, initialize: (UnsafeMutableBufferPointer<Element>) throws -> Void) rethrows {
        let allocation = HeapAllocation(bytes: count * MemoryLayout<Element>.stride)
        let start = allocation.pointer.bindMemory(to: Element.self, capacity: count)
        try initialize(UnsafeMutableBufferPointer(start: start, count: count))
        self.init(base: UnsafePointer(start), count: count, owner: allocation)
    }

    /// Like ``init(count:initialize:)``, in an arena where one is given.
    package init(
        count: Int, in arena: HeapArena?, initialize: (UnsafeMutableBufferPointer<Element>) -> Void
    ) {
        guard let arena else {
            self.init(count: count, initialize: initialize)
            return
        }
        let (bytes, owner) = arena.take(count * MemoryLayout<Element>.stride)
        let start = bytes.bindMemory(to: Element.self, capacity: count)
        initialize(UnsafeMutableBufferPointer(start: start, count: count))
        self.init(base: UnsafePointer(start), count: count, owner: owner)
    }

    @inlinable
    public subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "FrozenArray index out of range")
        return base[index]
    }

    @inlinable
    public var indices: Range<Int> { 0..<count }

    @inlinable
    public var isEmpty: Bool { count == 0 }

    /// The elements as a buffer that is valid only during `body`.
    @inlinable
    public func withUnsafeBuffer<R, E: Error>(
        _ body: (UnsafeBufferPointer<Element>) throws(E) -> R
    ) throws(E) -> R {
        defer { withExtendedLifetime(owner) {} }
        return try body(UnsafeBufferPointer(start: base, count: count))
    }

    /// The first element's address, for kernels that run in a loop over a value which already
    /// keeps this array alive.
    @inlinable
    package var unsafeBase: UnsafePointer<Element> { base }

    /// A part of the array that shares its memory.
    public func slice(_ range: Range<Int>) -> FrozenArray {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return FrozenArray(base: base + range.lowerBound, count: range.count, owner: owner)
    }

    public func toArray() -> [Element] {
        withUnsafeBuffer { Array($0) }
    }

    /// The number of bytes the elements take.
    public var byteCount: Int { count * MemoryLayout<Element>.stride }
}

extension FrozenArray: Equatable where Element: Equatable {
    public static func == (a: FrozenArray, b: FrozenArray) -> Bool {
        a.count == b.count && a.withUnsafeBuffer { x in b.withUnsafeBuffer { y in x.elementsEqual(y) } }
    }
}
