import Synchronization

/// A set of Unicode scalars given by a rule, tabulated in pages of 256 when they are first asked
/// for, from any thread.
///
/// The rule may be slow (the standard library takes a microsecond for a property); an answer from
/// a page takes two loads.
final class ScalarSet: @unchecked Sendable {
    // Unchecked because of the pointers: a page is written before it is published and never
    // changes afterwards.
    fileprivate typealias Slot = Atomic<UnsafeRawPointer?>

    private static let pageCount = 0x110000 >> 8
    private let pages: UnsafeMutablePointer<Slot>
    private let low: UInt64
    private let high: UInt64
    private let rule: @Sendable (Unicode.Scalar) -> Bool

    init(_ rule: @escaping @Sendable (Unicode.Scalar) -> Bool) {
        self.rule = rule
        var ascii: [UInt64] = [0, 0]
        for value in 0..<128 where rule(Unicode.Scalar(UInt8(value))) {
            ascii[value >> 6] |= 1 << UInt64(value & 63)
        }
        low = ascii[0]
        high = ascii[1]
        pages = .allocate(capacity: ScalarSet.pageCount)
        for index in 0..<ScalarSet.pageCount { (pages + index).initialize(to: Slot(nil)) }
    }

    deinit {
        for index in 0..<ScalarSet.pageCount {
            pages[index].load(ordering: .relaxed)?.deallocate()
        }
        pages.deinitialize(count: ScalarSet.pageCount)
        pages.deallocate()
    }

    /// Whether the scalar is in the set.
    @inline(__always)
    func contains(_ scalar: UInt32) -> Bool { view.contains(scalar) }

    /// What a loop needs of the set, without reference counts; valid as long as the set lives.
    var view: View { View(low: low, high: high, pages: pages, owner: .passUnretained(self)) }

    struct View: @unchecked Sendable {
        fileprivate let low: UInt64
        fileprivate let high: UInt64
        fileprivate let pages: UnsafeMutablePointer<Slot>
        fileprivate let owner: Unmanaged<ScalarSet>

        /// Whether an ASCII byte is in the set.
        @inline(__always)
        func contains(ascii byte: UInt8) -> Bool {
            (byte < 64 ? low : high) >> UInt64(byte & 63) & 1 != 0
        }

        /// Whether the scalar is in the set.
        @inline(__always)
        func contains(_ scalar: UInt32) -> Bool {
            if scalar < 0x80 { return contains(ascii: UInt8(truncatingIfNeeded: scalar)) }
            let index = Int(scalar >> 8)
            let page =
                pages[index].load(ordering: .acquiring)
                ?? owner._withUnsafeGuaranteedRef { $0.build(index) }
            let words = page.assumingMemoryBound(to: UInt64.self)
            return words[Int(scalar >> 6 & 3)] >> UInt64(scalar & 63) & 1 != 0
        }
    }

    fileprivate func build(_ index: Int) -> UnsafeRawPointer {
        let page = UnsafeMutablePointer<UInt64>.allocate(capacity: 4)
        page.initialize(repeating: 0, count: 4)
        for low in 0..<256 {
            if let scalar = Unicode.Scalar(UInt32(index << 8 | low)), rule(scalar) {
                page[low >> 6] |= 1 << UInt64(low & 63)
            }
        }
        let (_, current) = pages[index].compareExchange(
            expected: nil, desired: UnsafeRawPointer(page), ordering: .acquiringAndReleasing)
        // Another thread may have published the same page first.
        guard let current else { return UnsafeRawPointer(page) }
        page.deallocate()
        return current
    }
}
