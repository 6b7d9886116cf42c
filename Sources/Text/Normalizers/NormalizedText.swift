/// Text after normalisation, each byte with the span of the original text that it came from.
struct NormalizedText {
    private(set) var bytes: [UInt8] = []
    private(set) var starts: [UInt32] = []
    private(set) var ends: [UInt32] = []

    var count: Int { bytes.count }

    mutating func reserve(_ capacity: Int) {
        bytes.reserveCapacity(capacity)
        starts.reserveCapacity(capacity)
        ends.reserveCapacity(capacity)
    }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    mutating func append(_ byte: UInt8, from start: Int, to end: Int) {
        bytes.append(byte)
        starts.append(UInt32(truncatingIfNeeded: start))
        ends.append(UInt32(truncatingIfNeeded: end))
    }

    /// The original span of a non-empty range of normalised bytes.
    @inline(__always)
    func original(_ range: Range<Int>) -> Range<Int> {
        let start = Int(starts[range.lowerBound])
        // A base letter and a mark it was composed with share one span, so that the end can
        // never lie before the start.
        return start..<max(start, Int(ends[range.upperBound - 1]))
    }
}
