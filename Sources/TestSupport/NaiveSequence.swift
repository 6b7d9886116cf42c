/// The plain-array model of the succinct structures: every answer by a scan.
public struct NaiveSequence: Sendable {
    public let symbols: [Int32]

    public init(_ symbols: [Int32]) { self.symbols = symbols }

    public func rank(_ symbol: Int32, _ position: Int) -> Int {
        symbols[..<position].count { $0 == symbol }
    }

    public func counts(in range: Range<Int>) -> [Int32: Int] {
        symbols[range].reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    /// The suffix starts in the order of the suffixes.
    public static func suffixArray(_ text: [Int32]) -> [Int32] {
        (0..<Int32(text.count)).sorted { a, b in
            text[Int(a)...].lexicographicallyPrecedes(text[Int(b)...])
        }
    }
}
