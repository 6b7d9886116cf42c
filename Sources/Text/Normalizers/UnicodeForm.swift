import Foundation

/// The normalisation forms of Unicode (UAX 15), as of version 9.
struct UnicodeForm: Sendable {
    let isComposed: Bool
    private let decompositions: ScalarPages
    /// Scalars that stay as they are and join nothing before them.
    private let inert: ScalarSet
    private let classes: ScalarPages

    struct Scratch {
        fileprivate var entries: [Entry] = []
        fileprivate var changes = ScalarChanges()

        init() {}
    }

    fileprivate struct Entry {
        var scalar: Unicode.Scalar
        var change: Int
        var combiningClass: UInt8
    }

    init(isComposed: Bool, isCompatible: Bool) {
        self.isComposed = isComposed
        let decompose: @Sendable (Unicode.Scalar) -> [UInt8] = { scalar in
            let text = String(Character(scalar))
            guard UnicodeNine.isAssigned(scalar) else { return Array(text.utf8) }
            return Array(
                (isCompatible
                    ? text.decomposedStringWithCompatibilityMapping
                    : text.decomposedStringWithCanonicalMapping).utf8)
        }
        decompositions = ScalarPages(decompose)
        classes = ScalarPages { [UnicodeNine.combiningClass($0)] }
        inert = ScalarSet { scalar in
            guard UnicodeNine.combiningClass(scalar) == 0 else { return false }
            if !isComposed {
                return decompose(scalar).elementsEqual(String(Character(scalar)).utf8)
            }
            if scalar.value < 0x300, !isCompatible { return true }
            if ScalarComposition.isSecond(scalar) { return false }
            let parts = String(decoding: decompose(scalar), as: UTF8.self).unicodeScalars
            var composed = parts.first ?? scalar
            for part in parts.dropFirst() {
                guard let next = ScalarComposition.compose(composed, part) else { return false }
                composed = next
            }
            return composed == scalar
        }
    }

    /// Writes the normal form; false when the text is one already.
    ///
    /// Only stretches around scalars that are not inert are taken apart.
    func apply(
        to text: UnsafeBufferPointer<UInt8>, into output: inout NormalizedText,
        _ scratch: inout Scratch
    ) -> Bool {
        let inert = inert.view
        var copied = 0
        /// The last inert scalar, which may be the base of what follows.
        var base = 0
        var index = 0
        var hasChanged = false
        while index < text.count {
            let byte = text[index]
            let (scalar, length) = byte < 0x80 ? (UInt32(byte), 1) : text.scalar(at: index)
            if inert.contains(scalar) {
                base = index
                index += length
                continue
            }
            if !hasChanged { output.reserve(text.count + text.count / 2) }
            hasChanged = true
            var end = index + length
            while end < text.count {
                let (scalar, length) = text.scalar(at: end)
                if inert.contains(scalar) { break }
                end += length
            }
            output.append(text, copied..<base)
            rewrite(text, base..<end, into: &output, &scratch)
            copied = end
            base = end
            index = end
        }
        if hasChanged { output.append(text, copied..<text.count) }
        return hasChanged
    }

    private func rewrite(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, into output: inout NormalizedText,
        _ scratch: inout Scratch
    ) {
        scratch.entries.removeAll(keepingCapacity: true)
        scratch.changes.removeAll()
        var index = range.lowerBound
        while index < range.upperBound {
            let (scalar, length) = text.scalar(at: index)
            index += length
            let parts = decompositions[scalar]
            var part = 0
            while part < parts.count {
                let (value, length) = parts.scalar(at: part)
                scratch.entries.append(
                    Entry(
                        scalar: Unicode.Scalar(value) ?? "\u{FFFD}", change: part == 0 ? 0 : 1,
                        combiningClass: classes[value][0]))
                part += length
            }
        }
        UnicodeForm.order(&scratch.entries)
        if isComposed {
            UnicodeForm.compose(scratch.entries, into: &scratch.changes)
        } else {
            for entry in scratch.entries { scratch.changes.append(entry.scalar, entry.change) }
        }
        scratch.changes.write(over: text, from: range.lowerBound, into: &output)
    }

    /// Puts marks in the order of their classes; those of one class keep theirs.
    private static func order(_ entries: inout [Entry]) {
        var start = 0
        while start < entries.count {
            guard entries[start].combiningClass != 0 else {
                start += 1
                continue
            }
            var end = start + 1
            while end < entries.count, entries[end].combiningClass != 0 { end += 1 }
            if end - start > 1 {
                let sorted = entries[start..<end].enumerated().sorted {
                    ($0.element.combiningClass, $0.offset) < ($1.element.combiningClass, $1.offset)
                }
                entries.replaceSubrange(start..<end, with: sorted.map(\.element))
            }
            start = end
        }
    }

    /// Joins starters with the marks after them that nothing blocks.
    private static func compose(_ entries: [Entry], into changes: inout ScalarChanges) {
        var starter: (scalar: Unicode.Scalar, change: Int)?
        /// Marks after the starter that stay.
        var waiting: ArraySlice<Entry> = []
        var lastClass: UInt8?
        func flush(_ changes: inout ScalarChanges) {
            if let starter { changes.append(starter.scalar, starter.change) }
            for entry in waiting { changes.append(entry.scalar, entry.change) }
            waiting.removeAll(keepingCapacity: true)
        }
        for entry in entries {
            guard let base = starter else {
                if entry.combiningClass != 0 {
                    changes.append(entry.scalar, entry.change)
                } else {
                    starter = (entry.scalar, entry.change)
                }
                continue
            }
            let isBlocked = lastClass.map { $0 >= entry.combiningClass } ?? false
            if !isBlocked, let joined = ScalarComposition.compose(base.scalar, entry.scalar) {
                starter = (joined, base.change + entry.change - 1)
            } else if entry.combiningClass == 0 {
                flush(&changes)
                starter = (entry.scalar, entry.change)
                lastClass = nil
            } else {
                waiting.append(entry)
                lastClass = entry.combiningClass
            }
        }
        flush(&changes)
    }
}
