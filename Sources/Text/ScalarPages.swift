import Synchronization

/// A function from Unicode scalars to short byte strings, tabulated in pages of 256 when they are
/// first used, from any thread.
///
/// Unicode properties cost a microsecond a scalar through the standard library; a text in one
/// script touches a handful of pages.
final class ScalarPages: @unchecked Sendable {
    // Unchecked because of the pointers: a page is written before it is published and never
    // changes afterwards.
    private typealias Slot = Atomic<UnsafeRawPointer?>

    private static let pageCount = 0x110000 >> 8
    private let pages: UnsafeMutablePointer<Slot>
    private let entry: @Sendable (Unicode.Scalar) -> [UInt8]

    init(_ entry: @escaping @Sendable (Unicode.Scalar) -> [UInt8]) {
        self.entry = entry
        pages = .allocate(capacity: ScalarPages.pageCount)
        for index in 0..<ScalarPages.pageCount { (pages + index).initialize(to: Slot(nil)) }
    }

    deinit {
        for index in 0..<ScalarPages.pageCount {
            pages[index].load(ordering: .relaxed)?.deallocate()
        }
        pages.deinitialize(count: ScalarPages.pageCount)
        pages.deallocate()
    }

    /// The bytes for a scalar; they stay valid as long as this table does.
    @inline(__always)
    subscript(scalar: UInt32) -> UnsafeBufferPointer<UInt8> {
        let index = Int(scalar >> 8)
        let page = pages[index].load(ordering: .acquiring) ?? build(index)
        // A page is 257 offsets of its entries, counted from the page's start, then the entries.
        let offsets = page.assumingMemoryBound(to: UInt16.self)
        let low = Int(scalar & 255)
        let start = Int(offsets[low])
        return UnsafeBufferPointer(
            start: page.assumingMemoryBound(to: UInt8.self) + start,
            count: Int(offsets[low + 1]) - start)
    }

    private func build(_ index: Int) -> UnsafeRawPointer {
        var offsets: [UInt16] = []
        var bytes: [UInt8] = []
        let header = 257 * MemoryLayout<UInt16>.stride
        for low in 0..<256 {
            offsets.append(UInt16(header + bytes.count))
            if let scalar = Unicode.Scalar(UInt32(index << 8 | low)) {
                bytes.append(contentsOf: entry(scalar).prefix(200))
            }
        }
        offsets.append(UInt16(header + bytes.count))
        let page = UnsafeMutableRawPointer.allocate(byteCount: header + bytes.count, alignment: 8)
        let memory = UnsafeMutableRawBufferPointer(start: page, count: header + bytes.count)
        offsets.withUnsafeBytes { memory.copyMemory(from: $0) }
        UnsafeMutableRawBufferPointer(rebasing: memory[header...]).copyBytes(from: bytes)
        let (_, current) = pages[index].compareExchange(
            expected: nil, desired: UnsafeRawPointer(page), ordering: .acquiringAndReleasing)
        // Another thread may have published the same page first.
        guard let current else { return UnsafeRawPointer(page) }
        page.deallocate()
        return current
    }
}
