/// The plain-array model of the succinct structures: every answer by a scan.
package struct NaiveSequence: Sendable {
    package let symbols: [Int32]

    package init(_ symbols: [Int32]) { self.symbols = symbols }

    package func rank(_ symbol: Int32, _ position: Int) -> Int {
        symbols[..<position].count { $0 == symbol }
    }

    package func counts(in range: Range<Int>) -> [Int32: Int] {
        symbols[range].reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// The suffix starts in the order of the suffixes.
    package static func suffixArray(_ text: [Int32]) -> [Int32] {
        (0..<Int32(text.count)).sorted { a, b in
            text[Int(a)...].lexicographicallyPrecedes(text[Int(b)...])
        }
    }
}
