import Foundation
import Memory
import Studies
import Testing

@Suite struct CellFileTests {
    private func path(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "cells-\(UUID().uuidString).jsonl"
        try Data(text.utf8).write(to: URL(filePath: path))
        return path
    }

    @Test func readsWhatItWrote() throws {
        let cells = SyntheticStudy(queries: 20, sizes: [100, 1000]).cells()
        let path = try path("")
        defer { try? FileManager.default.removeItem(atPath: path) }
        try CellFile.write(cells, to: path)
        #expect(try CellFile.read(path) == cells)
    }

    @Test func defaultsStandForWhatIsAbsent() throws {
        let path = try path(
            """
            {"key":"k","sample":{"size":10},"options":{"retriever":"dense","beam":10,"rate":0.5,"constrained":true},"from_the_future":[1]}

            {"key":"l","sample":{"size":10},"options":{"retriever":"bm25"},"queries":["a","b"],"quality":{"ndcg_cut_10":{"values":[0,1]},"R@100":{"mean":0.5}},"latency":{"1":{"milliseconds":[1,2,3]},"all":{"p50":1,"p95":2,"p99":3,"n":9}},"ranks":{"best":[1,null]}}
            """)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let cells = try CellFile.read(path)
        #expect(cells.count == 2)
        #expect(cells[0].options.others == ["beam": "10", "rate": "0.5", "constrained": "true"])
        #expect(cells[0].sample.distractors == "random" && cells[0].build.stages.isEmpty && cells[0].train == nil)
        let quality = try #require(cells[1].quality["ndcg_cut_10"])
        #expect(quality.mean == 0.5 && quality.low == 0 && quality.high == 1)
        #expect(cells[1].latency["1"]?.p50.value == 2 && cells[1].latency["1"]?.n == 3)
        #expect(cells[1].latency["all"]?.p99 == Interval(value: 3, low: 3, high: 3))
        #expect(cells[1].ranks?.censoredAt == 1000)
    }

    private static let good = #"{"key":"k","sample":{"size":10},"options":{"retriever":"dense"},"queries":["a","b"]}"#

    private static func with(_ members: String, key: String = "x") -> String {
        #"{"key":"\#(key)","sample":{"size":10},"options":{"retriever":"dense"},"queries":["a","b"],\#(members)}"#
    }

    @Test(arguments: [
        ("{", "expected a JSON object"), ("[]", "expected an object at the line"),
        ("nonsense", "expected a JSON object"),
        (#"{"sample":{"size":1},"options":{"retriever":"a"}}"#, "expected key, which is not there"),
        (#"{"key":"x","sample":{"size":"ten"},"options":{"retriever":"a"}}"#, "expected a whole number at sample.size"),
        (#"{"key":"x","sample":{},"options":{"retriever":"a"}}"#, "expected sample.size, which is not there"),
        (#"{"key":"x","sample":{"size":0},"options":{"retriever":"a"}}"#, "sample.size of at least 1"),
        (#"{"key":"x","sample":{"size":5,"judged":6},"options":{"retriever":"a"}}"#, "sample.judged from 0"),
        (#"{"key":"x","sample":{"size":5},"options":{}}"#, "expected options.retriever, which is not there"),
        (#"{"key":"x","sample":{"size":5},"options":{"retriever":"a","beam":[1]}}"#, "options.beam"),
        (
            with(#""quality":{"ndcg":{"values":[1]}}"#),
            "as many values in quality.ndcg.values as in queries (2), found 1"
        ),
        (with(#""quality":{"ndcg":{"values":[1,2]}}"#), "numbers from 0 to 1 in quality.ndcg, found 2"),
        (with(#""quality":{"ndcg":{}}"#), "expected quality.ndcg.mean, which is not there"),
        (with(#""quality":{"beauty":{"mean":1}}"#), "expected measures in quality, found beauty"),
        (with(#""quality":{"nDCG@10":{"mean":0.5},"ndcg_cut_10":{"mean":0.5}}"#), "every measure once"),
        (with(#""quality":{"ndcg":{"mean":0.5,"low":0.6,"high":0.7}}"#), "in rising order"),
        (with(#""ranks":{"best":[1]}"#), "as many values in ranks.best"),
        (with(#""ranks":{"best":[0,1]}"#), "ranks from 1"), (with(#""ranks":{"best":[1,1001]}"#), "found 1001"),
        (with(#""ranks":{"best":[1,5],"judged_above":[0,5]}"#), "judged_above from 0 to 4 for query b, found 5"),
        (with(#""latency":{"two":{"milliseconds":[1]}}"#), "numbers of threads"),
        (with(#""latency":{"1":{"p50":-1,"p95":2,"p99":3}}"#), "latency.1.p50"),
        (with(#""latency":{"1":{"milliseconds":[-1]}}"#), "latency.1"),
        (with(#""build":{"bytes":{"codes":-1}}"#), "build.bytes.codes, found -1"),
        (with(#""recall_of_exact":{"ten":{"mean":1}}"#), "depths such as 10"),
        (with(#""estimate":{"seconds":-1}"#), "at least 0 in estimate"),
        (with(#""loads":1"#, key: "k"), "expected every key once, but line 1 has this one too"),
    ])
    func damageIsNamed(_ line: String, _ words: String) throws {
        let path = try path(Self.good + "\n\n" + line + "\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = #expect(throws: StudyError.self) { try CellFile.read(path) }
        let text = try #require(error.map { "\($0)" })
        #expect(text.hasPrefix("\(path):3: "), "\(text)")
        #expect(text.contains(words), "\(text)")
    }

    /// A line cut anywhere is an error and never a trap.
    @Test func cutsAreErrors() throws {
        let line = Array(CellFile.line(SyntheticStudy(queries: 4, sizes: [50]).cells()[0]))
        for end in stride(from: 1, to: line.count - 2, by: 7) {
            let path = try path(String(decoding: line[..<end], as: UTF8.self))
            defer { try? FileManager.default.removeItem(atPath: path) }
            #expect(throws: StudyError.self) { try CellFile.read(path) }
        }
    }

    /// Numbers of all kinds where others stood: an error or a report, never a trap.
    @Test func oddNumbersAreReportedOrNamed() throws {
        let cells = SyntheticStudy(queries: 5, sizes: [100, 1000]).cells().prefix(4)
        let text = String(decoding: cells.flatMap { CellFile.line($0) }, as: UTF8.self)
        let numbers = text.matches(of: /[:,\[](-?[0-9][0-9.eE+-]*)/).map(\.1).map { $0.startIndex..<$0.endIndex }
        let odd = [
            "0", "-1", "1e308", "-1e-320", "9223372036854775807", "18446744073709551615", "0.5", "1e999", "null",
        ]
        var random = SeededGenerator(seed: 21)
        var (read, refused) = (0, 0)
        for _ in 0..<60 {
            var changed = text
            let place = numbers[Int(random.next() % UInt64(numbers.count))]
            changed.replaceSubrange(place, with: odd[Int(random.next() % UInt64(odd.count))])
            let path = try path(changed)
            defer { try? FileManager.default.removeItem(atPath: path) }
            // Anything but a sentence about the line fails the test.
            guard let cells = try Self.cells(path) else {
                refused += 1
                continue
            }
            #expect(!StudyReport(cells: cells).html.isEmpty)
            read += 1
        }
        #expect(read > 5 && refused > 5, "\(read) read, \(refused) refused")
    }

    /// Nil where a line is refused.
    private static func cells(_ path: String) throws -> [StudyCell]? {
        switch Result(catching: { () throws(StudyError) in try CellFile.read(path) }) {
        case .success(let cells): return cells
        case .failure(.badLine): return nil
        case .failure(let error): throw error
        }
    }

    @Test func filesThatAreNone() throws {
        let empty = try path("\n \n")
        defer { try? FileManager.default.removeItem(atPath: empty) }
        #expect(throws: StudyError.empty(path: empty)) { try CellFile.read(empty) }
        #expect(throws: StudyError.self) { try CellFile.read(empty + ".none") }
        #expect(throws: StudyError.self) { try CellFile.read(NSTemporaryDirectory()) }
    }
}
