import FMIndex
import Storage
import TestSupport
import Testing

/// Texts that repeat themselves: what an index stores of them stays linear, and its answers right.
@Suite struct RepeatedTextTests {
    private func sections(_ tokens: [Int32]) throws -> MemorySections {
        var builder = FMIndexBuilder(documentEnd: 1, titleEnd: 2)
        builder.add(title: [], body: tokens)
        let sections = MemorySections()
        try builder.write(to: sections, .init(profile: .fast))
        return sections
    }

    private static func fibonacci(_ count: Int) -> [Int32] {
        var (a, b): ([Int32], [Int32]) = ([3], [3, 4])
        while b.count < count { (a, b) = (b, b + a) }
        return Array(b.prefix(count))
    }

    @Test(
        "Stored continuations are few, whatever repeats",
        arguments: [
            Array(repeating: 3 as Int32, count: 60_000),
            (0..<60_000).map { Int32(3 + $0 % 7) },
            fibonacci(60_000),
        ])
    func stored(tokens: [Int32]) throws {
        let sections = try sections(tokens)
        let ranges = try sections.section("fm.frequent.ranges", of: UInt64.self)
        // At most sixteen lengths, none with more sequences of 8,192 rows than fit the text.
        #expect(ranges.count / 2 <= 16 * (tokens.count / 8_192))
        let index = try FMIndex(sections)
        let naive = NaiveTextIndex(documents: [tokens + [1]], documentEnd: 1)
        for length in [1, 2, 15, 16, 17, 40] {
            let sequence = Array(tokens.prefix(length))
            let rows = index.rows(of: sequence)
            #expect(rows.count == naive.count(of: sequence))
            let counts = (1...12 as ClosedRange<Int32>).map { ($0, naive.count(of: sequence + [$0])) }.filter {
                $0.1 > 0
            }
            let expected = counts.sorted { ($0.1, $1.0) > ($1.1, $0.0) }
            let top = index.topTokens(of: rows, 8)
            #expect(top.map(\.token) == expected.map(\.0) && top.map(\.count) == expected.map(\.1))
        }
    }
}
