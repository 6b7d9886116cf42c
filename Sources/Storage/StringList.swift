import Foundation
import Memory

/// Distinct strings numbered 0..<count in the order they were given, both ways, mapped as they are: nothing is read when
/// the list is opened.
///
/// Holds the external ids of passages and the terms of the sparse index. A string by its number costs a cache line or two; a
/// number by its string is a binary search.
package struct StringList: Sendable {
    package let count: Int
    private let bytes: FrozenArray<UInt8>
    private let ends: Ends
    /// The numbers in the order of the strings' bytes.
    private let order: FrozenArray<UInt32>

    /// Where strings end: in four bytes where all fit them.
    private enum Ends: Sendable {
        case short(FrozenArray<UInt32>)
        case long(FrozenArray<UInt64>)
    }

    /// Whether a container has such a list under a prefix; older ones have a ``StringTable``.
    package static func isIn(_ container: Container, prefix: String) -> Bool { container.contains(prefix + ".order") }

    /// Writes the sections of a list under names that start with `prefix`.
    ///
    /// - Precondition: the strings are distinct and fewer than 2^32.
    package static func write(
        _ strings: [String], to writer: ContainerWriter, prefix: String
    ) throws(StorageError) {
        var bytes: [UInt8] = []
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(strings.count + 1)
        for string in strings {
            bytes.append(contentsOf: string.utf8)
            offsets.append(UInt64(bytes.count))
        }
        try write(utf8: bytes, offsets: offsets, to: writer, prefix: prefix)
    }

    /// Writes a list of strings that lie one after the other in `bytes`, string `i` at `offsets[i]..<offsets[i + 1]`.
    ///
    /// O(strings log strings).
    /// - Precondition: `offsets` rises from 0 to the number of bytes; the strings are distinct and fewer than 2^32.
    package static func write(
        utf8 bytes: [UInt8], offsets: [UInt64], to writer: ContainerWriter, prefix: String
    ) throws(StorageError) {
        precondition(offsets.first == 0 && offsets.last == UInt64(bytes.count))
        try writer.write(prefix + ".bytes", bytes)
        if bytes.count <= UInt32.max {
            try writer.write(prefix + ".ends", offsets.dropFirst().map { UInt32($0) })
        } else {
            try writer.write(prefix + ".ends", Array(offsets.dropFirst()))
        }
        try writer.write(prefix + ".order", order(bytes, offsets))
    }

    /// The numbers of strings in the order of their bytes.
    private static func order(_ bytes: [UInt8], _ offsets: [UInt64]) -> [UInt32] {
        bytes.withUnsafeBufferPointer { bytes in
            let slice = { (place: UInt32) in
                UnsafeBufferPointer(rebasing: bytes[Int(offsets[Int(place)])..<Int(offsets[Int(place) + 1])])
            }
            // Most are told apart by their first eight bytes, which are not looked for.
            var keys = (0..<UInt32(offsets.count - 1)).map { (start: slice($0).start, place: $0) }
            keys.sort { $0.start != $1.start ? $0.start < $1.start : slice($0.place).precedes(slice($1.place)) }
            return keys.map(\.place)
        }
    }

    /// Opens the list that was written under `prefix`.
    package init(_ container: Container, prefix: String) throws(StorageError) {
        bytes = try container.bytes(prefix + ".bytes")
        order = try container.section(prefix + ".order", of: UInt32.self)
        count = order.count
        let section = try container.bytes(prefix + ".ends")
        let isShort = section.count == 4 * count
        guard isShort || section.count == 8 * count else {
            throw .damaged(path: container.path, what: "section \(prefix).ends does not fit \(prefix).order")
        }
        ends =
            isShort
            ? .short(try container.section(prefix + ".ends", of: UInt32.self))
            : .long(try container.section(prefix + ".ends", of: UInt64.self))
    }

    /// Where a string ends; inside the bytes even in a damaged file.
    private func end(_ place: Int) -> Int {
        switch ends {
        case .short(let ends): min(Int(ends[place]), bytes.count)
        case .long(let ends): Int(clamping: min(ends[place], UInt64(bytes.count)))
        }
    }

    private func withBytes<Result>(_ place: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        let end = end(place)
        let start = place == 0 ? 0 : min(end, self.end(place - 1))
        return bytes.withUnsafeBuffer { body(UnsafeBufferPointer(rebasing: $0[start..<end])) }
    }

    /// The string at an index.
    package subscript(index: Int) -> String { withBytes(index) { String(decoding: $0, as: UTF8.self) } }

    /// The index of a string, or nil.
    package func index(of string: String) -> Int? {
        var copy = string
        return copy.withUTF8 { index(ofUTF8: $0) }
    }

    /// The index of a string that is given by its bytes, or nil.
    package func index(ofUTF8 wanted: UnsafeBufferPointer<UInt8>) -> Int? {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            let place = Int(order[middle])
            // Only a damaged list has numbers that it does not have.
            guard place < count else { return nil }
            if withBytes(place, { $0.precedes(wanted) }) { low = middle + 1 } else { high = middle }
        }
        guard low < count, order[low] < count else { return nil }
        let place = Int(order[low])
        return withBytes(place) { $0.elementsEqual(wanted) } ? place : nil
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// The first eight bytes as a number that is ordered as they are; zeros stand for those that are missing.
    fileprivate var start: UInt64 {
        var value: UInt64 = 0
        for place in 0..<8 { value = value << 8 | UInt64(place < count ? self[place] : 0) }
        return value
    }

    /// Whether these bytes come before others.
    fileprivate func precedes(_ other: UnsafeBufferPointer<UInt8>) -> Bool {
        let shared = Swift.min(count, other.count)
        if shared > 0, let a = baseAddress, let b = other.baseAddress {
            let difference = memcmp(a, b, shared)
            if difference != 0 { return difference < 0 }
        }
        return count < other.count
    }
}
