import Fields
import Foundation
import TestSupport
import Testing

/// What filters mean, and what is none.
@Suite struct FieldFilterTests {
    @Test(arguments: [
        ("", "column 1: expected the name of a field, found the end"),
        ("year >=", "column 8: expected a value, found the end"),
        ("year => 3", "column 6: \"=>\" compares nothing; there are = != < <= > >="),
        ("year = 3 lang = de", "column 10: expected \"and\", \"or\" or the end, found \"lang\""),
        ("(a = 1", "column 7: expected \")\", found the end"),
        ("a in 3", "column 6: expected \"(\", found \"3\""),
        ("a in (3", "column 8: expected \",\" or \")\", found the end"),
        ("a = null", "column 5: null is no value; write \"is null\", found \"null\""),
        ("a is 3", "column 6: expected \"null\" or \"not null\", found \"3\""),
        ("a = 'b", "column 5: the quote is not closed"),
        ("and = 3", "column 1: expected the name of a field, found \"and\""),
        ("a like", "column 7: expected a pattern, found the end"),
    ])
    func saysWhatIsWrong(text: String, reason: String) {
        do throws(FieldFilterError) {
            _ = try FieldFilter(text)
            Issue.record("\(text) is a filter")
        } catch {
            #expect(error.description == "the filter \"\(text)\" at \(reason)")
        }
    }

    @Test func boundsWhatItReads() {
        #expect(throws: FieldFilterError.self) { try FieldFilter(String(repeating: "(", count: 60_000)) }
        #expect(throws: FieldFilterError.self) { try FieldFilter(String(repeating: "not ", count: 10_000) + "a") }
        #expect(throws: FieldFilterError.self) { try FieldFilter(String(repeating: "a", count: 70_000)) }
        #expect(throws: Never.self) {
            try FieldFilter(Array(repeating: "a = 1", count: 5000).joined(separator: " and "))
        }
    }

    @Test func namesAreThoseAsked() throws {
        #expect(
            try FieldFilter("a.b >= 3 and not (\"two words\" in (x, 'y') or d) and e is null").names
                == ["a.b", "two words", "d", "e"])
    }

    /// Dates beside Foundation's own reading of them.
    @Test func datesAreMoments() throws {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<300 {
            let moment = Date(
                timeIntervalSince1970: Double(Int.random(in: -3_000_000_000...5_000_000_000, using: &random)))
            let zone = TimeZone(secondsFromGMT: 900 * Int.random(in: -40...40, using: &random)) ?? .gmt
            let text = moment.ISO8601Format(.init(timeZoneSeparator: .colon, timeZone: zone))
            let utc = moment.ISO8601Format()
            let (table, folder) = try FieldTableTests.table(["{\"at\":\"\(text)\"}"])
            _ = folder
            let after = moment.addingTimeInterval(1).ISO8601Format()
            #expect(try table.passages(FieldFilter("at = \(utc)")).count == 1, "\(text) \(utc)")
            #expect(try table.passages(FieldFilter("at = \(utc.prefix(10))")).count == 1, "\(text) \(utc)")
            #expect(
                try table.passages(FieldFilter("at = \(utc.prefix(7)) and at = \(Int(utc.prefix(4)) ?? 0)")).count == 1)
            #expect(try table.passages(FieldFilter("at < \(utc) or at >= \(after)")).isEmpty, "\(text) \(utc)")
            #expect(try table.passages(FieldFilter("at < \(after) and at <= \(utc)")).count == 1, "\(text) \(utc)")
        }
    }

    @Test(arguments: [
        "2023-02-29", "2023-13-01", "2023-1-1", "20230101", "2023-01-01T24:00", "2023-01-01T10", "2023-01-01x",
    ])
    func whatIsNoDateIsText(text: String) throws {
        let (table, folder) = try FieldTableTests.table(["{\"at\":\"\(text)\"}"])
        _ = folder
        #expect(try table.passages(FieldFilter("at = '\(text)'")).count == 1)
        #expect(try table.passages(FieldFilter("at = 2023")).isEmpty)
    }
}
