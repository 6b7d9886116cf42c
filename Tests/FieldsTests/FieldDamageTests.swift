import Fields
import Foundation
import Memory
import Storage
import TestSupport
import Testing

/// Tables whose checksums are right and whose contents are not.
@Suite struct FieldDamageTests {
    private static let sections = [
        "fields.names", "fields.name.ends", "fields.counts", "fields.codes", "fields.places", "fields.blocks",
        "fields.integers", "fields.decimals", "fields.dates", "fields.strings", "fields.string.ends",
    ]

    /// A table with every section, one of which is written as something makes it.
    private func table(
        _ spoilt: String = "", _ spoil: (inout [UInt8]) -> Void = { _ in }
    ) throws -> (table: FieldTable, folder: TemporaryFolder) {
        let (sound, first) = try FieldTableTests.table([
            #"{"n":1,"d":2.5,"t":"2024-02-29","s":["a","bcd"]}"#, #"{"n":3,"s":"bcd"}"#, "", #"{"n":-7}"#,
        ])
        #expect(sound.passageCount == 4)
        let source = try Container(path: first.path("fields.gnr"), kind: "fields")
        let folder = try TemporaryFolder()
        let writer = try ContainerWriter(path: folder.path("fields.gnr"), kind: "fields")
        for name in Self.sections + ["texts.blocks", "texts.offsets", "texts.firsts"] {
            var bytes = try source.bytes(name).toArray()
            if name == spoilt { spoil(&bytes) }
            try writer.write(name, bytes)
        }
        try writer.finish()
        return (try FieldTable(Container(path: folder.path("fields.gnr"), kind: "fields")), folder)
    }

    private func put<Value>(_ value: Value, at place: Int, in bytes: inout [UInt8]) {
        withUnsafeBytes(of: value) { raw in
            for index in raw.indices { bytes[place * raw.count + index] = raw[index] }
        }
    }

    @Test("The same table, copied section by section, is sound") func copied() throws {
        let (table, folder) = try table()
        _ = folder
        #expect(table.names == ["d", "n", "s", "t"])
        #expect(try table.passages(FieldFilter("s = bcd")).toArray() == [0, 1])
    }

    @Test("A dictionary that contradicts itself is refused when it is opened") func dictionaries() throws {
        func isRefused(_ section: String, _ spoil: (inout [UInt8]) -> Void) {
            #expect(throws: StorageError.self, "\(section)") { _ = try table(section, spoil) }
        }
        // The end of a day that begins where time ends; a day that ends before it begins; one of a million years.
        isRefused("fields.dates") { put(Int64.max, at: 0, in: &$0) }
        isRefused("fields.dates") { put(Int64.min, at: 0, in: &$0) }
        isRefused("fields.dates") { put(Int64.max, at: 1, in: &$0) }
        isRefused("fields.decimals") { put(Double.nan, at: 0, in: &$0) }
        isRefused("fields.decimals") { put(-Double.infinity, at: 0, in: &$0) }
        isRefused("fields.string.ends") { put(UInt64.max, at: 1, in: &$0) }
        isRefused("fields.string.ends") { put(UInt64(5), at: 0, in: &$0) }
        isRefused("fields.string.ends") { put(UInt64(9), at: 1, in: &$0) }
        isRefused("fields.name.ends") { put(UInt32.max, at: 0, in: &$0) }
        // A column of no entries, which would be one of every passage.
        isRefused("fields.counts") { put(UInt64(0), at: 6, in: &$0) }
        isRefused("fields.counts") { put(UInt64.max, at: 6, in: &$0) }
        isRefused("fields.counts") { put(UInt64.max, at: 11, in: &$0) }
    }

    @Test("A column of no entries and no places is refused, not read behind its end") func emptyColumn() throws {
        #expect(throws: StorageError.self) {
            _ = try table("fields.counts") { bytes in
                put(UInt64(0), at: 0, in: &bytes)
                put(UInt64(0), at: 1, in: &bytes)
            }
        }
    }

    @Test("Codes and passages that there are not are passed over, or refused when they are used") func entries() throws
    {
        let (odd, folder) = try table("fields.codes") { bytes in
            for place in 0..<bytes.count / 4 { put(UInt32(1_000_000 + place), at: place, in: &bytes) }
        }
        _ = folder
        for name in odd.names {
            var counts = FieldCounts()
            for place in 0..<4 { counts.add(odd, name, passage: place) }
            #expect(counts.sorted().isEmpty)
            #expect(try odd.passages(FieldFilter("\(name) is not null")).isEmpty)
        }
        let (far, second) = try table("fields.places") { bytes in
            for place in 0..<bytes.count / 4 { put(UInt32.max, at: place, in: &bytes) }
        }
        _ = second
        #expect(throws: StorageError.self) { try far.passages(FieldFilter("s is not null")) }
    }

    @Test("Long names have no columns, and cost no more than they are long") func longNames() throws {
        let long = String(repeating: "k", count: 400_000)
        let members = (0..<20_000).map { "\"\($0 % 10)\":1" }.joined(separator: ",")
        let (table, folder) = try FieldTableTests.table(["{\"\(long)\":{\(members)},\"n\":1}"])
        _ = folder
        #expect(table.names == ["n"])
        let half = String(repeating: "k", count: 600)
        let (nested, second) = try FieldTableTests.table(["{\"\(half)\":{\"\(half)\":[1,{\"a\":2}],\"b\":2},\"n\":1}"])
        _ = second
        #expect(nested.names == [half + ".b", "n"])
    }

    @Test("Dates have their texts, whatever the year") func dateTexts() throws {
        let dates = [
            ("0000-03-01", "0000-03-01"), ("0001-01-01", "0001-01-01"), ("1500-02-28", "1500-02-28"),
            ("1582-10-10", "1582-10-10"), ("1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"),
            ("9999-12-31", "9999-12-31"),
            ("2024-02-29T23:30Z", "2024-02-29T23:30Z"), ("1900-01-01T00:00:00.125Z", "1900-01-01T00:00:00.125Z"),
            ("9999-12-31T23:59-23:59", "10000-01-01T23:58Z"), ("0000-01-01T00:00+00:01", "-0001-12-31T23:59Z"),
        ]
        for (written, text) in dates {
            let (table, folder) = try FieldTableTests.table(["{\"d\":\"\(written)\"}"])
            _ = folder
            var counts = FieldCounts()
            counts.add(table, "d", passage: 0)
            #expect(counts.sorted().map(\.value) == [text])
        }
    }
}
