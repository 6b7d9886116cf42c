#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Zeroed, cache-line aligned memory that is freed with its last reference.
///
/// Large allocations are mapped on their own: their pages come zeroed, in huge pages where the
/// system has them, and ``release(from:)`` can give a part of them back.
package final class HeapAllocation: @unchecked Sendable {
    package let pointer: UnsafeMutableRawPointer
    package let byteCount: Int
    private let isMapped: Bool

    private static let mappedFrom = 1 << 21

    package init(bytes: Int) {
        byteCount = max(bytes, 64)
        if byteCount >= Self.mappedFrom, let pages = Self.map(byteCount) {
            pointer = pages
            isMapped = true
            return
        }
        pointer = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        pointer.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
        isMapped = false
    }

    private static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
        let pages = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON, -1, 0)
        guard let pages, pages != MAP_FAILED else { return nil }
        #if os(Linux)
        // Advice only: without it a suffix sort of a large text spends its time on page faults.
        _ = madvise(pages, bytes, MADV_HUGEPAGE)
        #endif
        return pages
    }

    /// Gives the memory from `offset` on back to the system; it must not be read any more.
    package func release(from offset: Int) {
        guard isMapped else { return }
        let page = 1 << 21
        let start = (offset + page - 1) / page * page
        guard start < byteCount else { return }
        _ = madvise(pointer + start, byteCount - start, MADV_DONTNEED)
    }

    deinit {
        if isMapped { munmap(pointer, byteCount) } else { pointer.deallocate() }
    }
}
