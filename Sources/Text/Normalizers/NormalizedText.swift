/// Text after some stages, each byte with the span of the original text that it came from.
///
/// While no stage has changed a byte the spans are not written down: they are those of the
/// characters themselves. Spans never cut a character of the text they refer to.
struct NormalizedText {
    private(set) var bytes: [UInt8] = []
    private var starts: [UInt32] = []
    private var ends: [UInt32] = []
    /// Where the bytes stand in the original text; nil once they have spans of their own.
    private var shift: Int?

    var count: Int { bytes.count }

    mutating func reserve(_ capacity: Int) {
        bytes.reserveCapacity(capacity)
        starts.reserveCapacity(capacity)
        ends.reserveCapacity(capacity)
    }

    /// Makes the text empty, for bytes with spans.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        shift = nil
    }

    /// Becomes `text[range]` as it stands.
    mutating func assign(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        removeAll()
        bytes.append(contentsOf: text[range])
        shift = range.lowerBound
    }

    /// Becomes a part of another text; `range` must not cut a character.
    mutating func assign(_ other: borrowing NormalizedText, _ range: Range<Int>) {
        removeAll()
        bytes.append(contentsOf: other.bytes[range])
        if let origin = other.shift {
            shift = origin + range.lowerBound
        } else {
            starts.append(contentsOf: other.starts[range])
            ends.append(contentsOf: other.ends[range])
        }
    }

    @inline(__always)
    mutating func append(_ byte: UInt8, from start: Int, to end: Int) {
        bytes.append(byte)
        starts.append(UInt32(truncatingIfNeeded: start))
        ends.append(UInt32(truncatingIfNeeded: end))
    }

    @inline(__always)
    mutating func append(_ scalar: Unicode.Scalar, from start: Int, to end: Int) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
            append(byte, from: start, to: end)
        }
    }

    /// Appends whole characters of `text` unchanged.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
        var index = range.lowerBound
        while index < range.upperBound {
            let end = index + text.length(at: index)
            for position in index..<end { append(text[position], from: index, to: end) }
            index = end
        }
    }

    /// Turns spans of `source`'s bytes into spans of what `source` came from.
    mutating func compose(over source: borrowing NormalizedText) {
        if let shift = source.shift {
            guard shift != 0 else { return }
            for index in starts.indices {
                starts[index] &+= UInt32(truncatingIfNeeded: shift)
                ends[index] &+= UInt32(truncatingIfNeeded: shift)
            }
            return
        }
        for index in starts.indices {
            let end = Int(ends[index])
            starts[index] = source.starts[Int(starts[index])]
            // Nothing but what was inserted before the first byte has an empty span.
            ends[index] = end == 0 ? starts[index] : source.ends[end - 1]
        }
    }

    /// The original span of a non-empty range of bytes, widened to whole characters.
    @inline(__always)
    func original(_ range: Range<Int>) -> Range<Int> {
        if let shift {
            var start = range.lowerBound
            var end = range.upperBound
            while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
            while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
            return shift + start..<shift + end
        }
        let start = Int(starts[range.lowerBound])
        // A base letter and a mark it was composed with share one span, so that the end can
        // never lie before the start.
        return start..<max(start, Int(ends[range.upperBound - 1]))
    }

    /// Where the character at `index` begins in the original.
    func originalStart(at index: Int) -> Int { shift.map { $0 + index } ?? Int(starts[index]) }
}
