import Corpora
import Fields
import Foundation
import Memory
import Storage

extension FuzzTarget {
    /// The fields of passages: as they are read, as they lie in a file, and what is asked of them.
    static let fields: [FuzzTarget] = [
        FuzzTarget("fields", .container) { world in
            [try FieldSamples.table(world.path("seed.gnr"))]
        } reader: { world in
            let path = world.path("fields.gnr")
            let filters = try FieldSamples.filters.map { try FieldFilter($0) }
            return { input in
                world.write(input, to: Array(path.utf8))
                try use(FieldTable(Container(path: path, kind: "fields")), filters)
            }
        },
        FuzzTarget("filter", .text, words: filterWords) { _ in
            FieldSamples.filters.map { Array($0.utf8) }
        } reader: { world in
            let path = world.path("filtered.gnr")
            _ = try FieldSamples.table(path)
            let table = try FieldTable(Container(path: path, kind: "fields"))
            return { input in
                let filter = try FieldFilter(String(decoding: input, as: UTF8.self))
                blackHole(filter.names.count)
                blackHole(try table.passages(filter).count)
                blackHole(FieldTable.passages(filter, ofEmpty: 65).count)
            }
        },
        FuzzTarget("fields-json", .json, words: fieldWords) { _ in
            FieldSamples.objects.map { Array($0.utf8) }
        } reader: { world in
            let path = world.path("made.gnr")
            let filters = try FieldSamples.filters.map { try FieldFilter($0) }
            return { input in
                // A failure leaves the builder usable for those that follow.
                var builder = FieldTableBuilder()
                try builder.add(FieldSamples.objects[0])
                try builder.add(String(decoding: input, as: UTF8.self))
                try builder.add(FieldSamples.objects[3])
                try finish(builder, path, filters)
            }
        },
        FuzzTarget("corpus-fields", .json, words: fieldWords) { _ in
            CorpusSamples.withFields.split(separator: 10).prefix(7).map { Array($0) } + [CorpusSamples.withFields]
        } reader: { world in
            let (corpus, path) = (world.path("fields.jsonl"), world.path("read.gnr"))
            let filters = try FieldSamples.filters.map { try FieldFilter($0) }
            return { input in
                world.write(input, to: Array(corpus.utf8))
                var reader = try CorpusReader(path: corpus, options: CorpusOptions())
                var builder = FieldTableBuilder()
                while let passage = try reader.next() {
                    // What a reader lets pass has fields that a table takes.
                    do { try builder.add(passage.fields) } catch {
                        fatalError("fields of a passage are refused: \(error): \(passage.fields.prefix(200))")
                    }
                }
                try finish(builder, path, filters)
            }
        },
    ]

    private static let filterWords = [
        " and ", " or ", " not ", " in (", ") ", " like '%", " is null", " is not null", "n ", "tags ", "when ",
        "by.name ",
        " >= ", " != ", "''", "\\'", "2024-02-29T12:00:60.5+23:59", "2024-13", " null", "big", "open",
    ]

    private static let fieldWords = [
        "\"n\":", "\"when\":", "\"tags\":[", "{\"a\":{\"b\":", "\"\":", "\"a.b\":", "NaN", "-Infinity", "\"\\ud800\":",
        "\"9999-12-31T23:59:60.9999999-23:59\"", "\"0000-01-01T00:00+23:59\"", "\"2024-02-29\"", "[[[[[[", "-0.0",
        "1E+5",
    ]

    private static func finish(_ builder: consuming FieldTableBuilder, _ path: String, _ filters: [FieldFilter]) throws
    {
        if builder.isEmpty { return }
        try builder.write(to: ContainerWriter(path: path, kind: "fields"))
        do { try use(FieldTable(Container(path: path, kind: "fields")), filters) } catch {
            fatalError("a table that was written is refused: \(error)")
        }
    }

    private static func use(_ table: FieldTable, _ filters: [FieldFilter]) throws {
        var failure: (any Error)?
        for filter in filters {
            do { blackHole(try table.passages(filter).count) } catch { failure = failure ?? error }
        }
        for place in 0..<min(table.passageCount, 20) {
            do { blackHole(try table.json(of: place)) } catch { failure = failure ?? error }
        }
        for name in table.names.prefix(20) + [""] {
            var counts = FieldCounts()
            for place in 0..<min(table.passageCount, 100) { counts.add(table, name, passage: place) }
            blackHole(counts.sorted().count)
        }
        if let failure { throw failure }
    }
}
