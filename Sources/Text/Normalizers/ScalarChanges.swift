/// What becomes of a text scalar by scalar, in the terms of the reference, whose offsets follow
/// from them.
///
/// A change of 0 puts a scalar in the place of the next one of the source, -n does so and drops
/// the n that follow, and a positive change puts one in between.
struct ScalarChanges {
    private(set) var entries: [(scalar: Unicode.Scalar, change: Int)] = []

    mutating func removeAll() { entries.removeAll(keepingCapacity: true) }

    @inline(__always)
    mutating func append(_ scalar: Unicode.Scalar, _ change: Int) {
        entries.append((scalar, change))
    }

    /// Puts the scalars of `new` in the place of `old` scalars.
    mutating func replace(_ old: Int, with new: Substring.UnicodeScalarView) {
        let first = entries.count
        for scalar in new { entries.append((scalar, 0)) }
        let added = entries.count - first - old
        if added > 0 {
            for index in entries.count - added..<entries.count { entries[index].change = 1 }
        } else if added < 0, !entries.isEmpty {
            entries[entries.count - 1].change += added
        }
    }

    /// Appends the changed text that begins at byte `start` of `text`; spans are of its bytes.
    func write(
        over text: UnsafeBufferPointer<UInt8>, from start: Int, into output: inout NormalizedText
    ) {
        var offset = start
        for (scalar, change) in entries {
            if change > 0 {
                let from = offset == 0 ? 0 : offset - text.scalar(before: offset).length
                output.append(scalar, from: from, to: offset)
                continue
            }
            // Changes that ask for more than the text has keep to its end.
            let at = offset < text.count ? offset : text.count - text.scalar(before: offset).length
            output.append(scalar, from: at, to: at + text.length(at: at))
            var left = 1 - change
            while left > 0, offset < text.count {
                offset += text.length(at: offset)
                left -= 1
            }
        }
    }
}
