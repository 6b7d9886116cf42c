import Corpora
import Fields
import Foundation
import Memory
import Search
import Storage
import TestSupport
import Testing

/// Filters over a table beside the same conditions evaluated passage by passage.
@Suite struct FieldTableTests {
    static func table(_ passages: [String]) throws -> (FieldTable, TemporaryFolder) {
        let folder = try TemporaryFolder()
        var builder = FieldTableBuilder()
        for json in passages { try builder.add(json) }
        try builder.write(to: ContainerWriter(path: folder.path("fields.gnr"), kind: "fields"))
        return (try FieldTable(Container(path: folder.path("fields.gnr"), kind: "fields")), folder)
    }

    private func passages(_ count: Int, _ random: inout SeededGenerator) -> [String] {
        let words = ["ab", "abc", "b", "zebra", "Äpfel", "10", "-3.5", "it's"]
        return (0..<count).map { place in
            if Int.random(in: 0..<5, using: &random) == 0 { return "" }
            var members = ["\"rising\":\(place)"]
            if Bool.random(using: &random) { members.append("\"whole\":\(Int.random(in: -4...4, using: &random))") }
            if Bool.random(using: &random) {
                members.append(
                    "\"mixed\":" + ["2", "2.5", "\"2\"", "true", "\"two\"", "-0.5", "1e2"].randomElement(
                        using: &random)!)
            }
            if Int.random(in: 0..<9, using: &random) == 0 {
                members.append("\"rare\":\"\(words.randomElement(using: &random)!)\"")
            }
            let tags = words.filter { _ in Int.random(in: 0..<4, using: &random) == 0 }.map { "\"\($0)\"" }
            if !tags.isEmpty { members.append("\"by\":{\"tags\":[\(tags.joined(separator: ","))]}") }
            return "{" + members.joined(separator: ",") + "}"
        }
    }

    @Test(arguments: [1, 63, 64, 65, 1023, 1024, 1025, 3000]) func matchesNaive(count: Int) throws {
        var random = SeededGenerator(seed: UInt64(count))
        let texts = passages(count, &random)
        // A table of passages without fields is not written.
        guard texts.contains(where: { !$0.isEmpty }) else { return }
        let (table, folder) = try Self.table(texts)
        _ = folder
        let naive = try texts.map(NaiveFields.init)
        #expect(table.passageCount == count)
        for place in 0..<count { #expect(try table.json(of: place) == texts[place]) }
        let half = count / 2
        let filters: [(String, (NaiveFields) -> Bool)] = [
            ("rising >= \(half)", { $0.numbers("rising").contains { $0 >= Double(half) } }),
            ("rising < 10.5", { $0.numbers("rising").contains { $0 < 10.5 } }),
            ("whole = -1", { $0.numbers("whole").contains(-1) }),
            ("whole != 2", { !$0.numbers("whole").contains(2) }),
            ("whole in (1, 2, 9)", { $0.numbers("whole").contains { [1, 2, 9].contains($0) } }),
            ("whole not in (1, 2)", { !$0.numbers("whole").contains { [1, 2].contains($0) } }),
            (
                "mixed in (2, -5e-1, two)",
                { $0.numbers("mixed").contains { [2, -0.5].contains($0) } || $0.strings("mixed").contains("two") }
            ),
            ("mixed > 2", { $0.numbers("mixed").contains { $0 > 2 } }),
            ("mixed <= 2", { $0.numbers("mixed").contains { $0 <= 2 } }),
            ("mixed = 100", { $0.numbers("mixed").contains(100) }),
            ("mixed", { $0.values("mixed").contains(.bool(true)) }),
            (
                "not mixed and mixed is not null",
                { !$0.values("mixed").contains(.bool(true)) && !$0.values("mixed").isEmpty }
            ),
            ("mixed = '2'", { $0.strings("mixed").contains("2") }),
            ("rare is null", { $0.values("rare").isEmpty }),
            ("rare is not null or whole = 0", { !$0.values("rare").isEmpty || $0.numbers("whole").contains(0) }),
            ("by.tags = abc", { $0.strings("by.tags").contains("abc") }),
            ("by.tags like 'a%'", { $0.strings("by.tags").contains { $0.hasPrefix("a") } }),
            ("by.tags like '%b_'", { $0.strings("by.tags").contains { $0.dropLast().hasSuffix("b") } }),
            ("by.tags not like '%a%'", { !$0.strings("by.tags").contains { $0.contains("a") } }),
            (
                "by.tags >= b and by.tags < c",
                {
                    $0.strings("by.tags").contains { $0 >= "b" } && $0.strings("by.tags").contains { $0 < "c" }
                }
            ),
            ("by.tags = 'it''s'", { $0.strings("by.tags").contains("it's") }),
            (
                "not (whole = 1 or rising > 5) and (mixed is null or rare = b)",
                {
                    !($0.numbers("whole").contains(1) || $0.numbers("rising").contains { $0 > 5 })
                        && ($0.values("mixed").isEmpty || $0.strings("rare").contains("b"))
                }
            ),
        ]
        for (text, holds) in filters {
            let found = try table.passages(FieldFilter(text))
            #expect(found.toArray() == naive.indices.filter { holds(naive[$0]) }, "\(text)")
        }
    }

    @Test func countsValues() throws {
        let texts = [
            "{\"a\":[1,1,\"x\"]}", "", "{\"a\":\"x\"}", "{\"a\":true}", "{\"b\":1}",
            "{\"a\":\"2024-02-29T23:30:00-01:00\"}",
        ]
        let (table, folder) = try Self.table(texts)
        _ = folder
        var counts = FieldCounts()
        for place in 0..<texts.count { counts.add(table, "a", passage: place) }
        #expect(
            counts.sorted().map { "\($0.value) \($0.count)" } == ["x 2", "true 1", "1 1", "2024-03-01T00:30:00Z 1"])
    }

    @Test func numbersKeepTheirBits() throws {
        let (table, folder) = try Self.table([
            "{\"n\":9007199254740993}", "{\"n\":9007199254740992}", "{\"n\":18446744073709551616}", "{\"n\":1e999}",
        ])
        _ = folder
        #expect(try table.passages(FieldFilter("n = 9007199254740993")).toArray() == [0])
        #expect(try table.passages(FieldFilter("n > 9007199254740992")).toArray() == [0, 2, 3])
        #expect(try table.json(of: 3) == "{\"n\":1e999}")
    }

    @Test func columnsAreBounded() throws {
        let many = (0..<1200).map { "\"f\($0)\":1" }.joined(separator: ",")
        let (table, folder) = try Self.table(["{\(many)}"])
        _ = folder
        #expect(table.names.count == FieldTable.maximumColumns)
        #expect(try table.json(of: 0) == "{\(many)}")
    }
}
