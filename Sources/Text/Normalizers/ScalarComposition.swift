import Foundation

/// The canonical composition of two scalars into one.
enum ScalarComposition {
    private struct Pair: Hashable {
        let first: UInt32
        let second: UInt32
    }

    private struct Table {
        var composites: [Pair: Unicode.Scalar] = [:]
        var seconds: Set<UInt32> = []
    }

    /// Read off the decompositions of the platform's library; nothing outside these blocks is a
    /// composite.
    private static let table: Table = {
        var table = Table()
        let blocks: [ClosedRange<UInt32>] = [0xC0...0x3130, 0x11000...0x11FFF]
        for value in blocks.joined() {
            guard let scalar = Unicode.Scalar(value), UnicodeNine.isAssigned(scalar) else { continue }
            let text = String(Character(scalar))
            let parts = Array(text.decomposedStringWithCanonicalMapping.unicodeScalars)
            guard parts.count > 1, same(text.precomposedStringWithCanonicalMapping, text),
                let second = parts.last
            else { continue }
            // All but the last part compose to the scalar that the last is added to.
            var rest = String.UnicodeScalarView()
            rest.append(contentsOf: parts.dropLast())
            let first = String(rest).precomposedStringWithCanonicalMapping.unicodeScalars
            guard first.count == 1, let first = first.first else { continue }
            table.composites[Pair(first: first.value, second: second.value)] = scalar
            table.seconds.insert(second.value)
        }
        return table
    }()

    private static func same(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

    // Hangul syllables are composed by arithmetic (Unicode 9, section 3.12).
    private static let syllables: UInt32 = 0xAC00
    private static let leads: Range<UInt32> = 0x1100..<0x1113
    private static let vowels: Range<UInt32> = 0x1161..<0x1176
    private static let tails: Range<UInt32> = 0x11A8..<0x11C3

    /// The composite of two scalars; nil when they stay apart.
    static func compose(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        let (a, b) = (first.value, second.value)
        if leads.contains(a), vowels.contains(b) {
            let index = (a - leads.lowerBound) * 21 + b - vowels.lowerBound
            return Unicode.Scalar(syllables + index * 28)
        }
        if tails.contains(b), a >= syllables, a < syllables + 11_172, (a - syllables) % 28 == 0 {
            return Unicode.Scalar(a + b - tails.lowerBound + 1)
        }
        return table.composites[Pair(first: a, second: b)]
    }

    /// Whether the scalar can be joined to one before it.
    static func isSecond(_ scalar: Unicode.Scalar) -> Bool {
        vowels.contains(scalar.value) || tails.contains(scalar.value)
            || table.seconds.contains(scalar.value)
    }
}
