import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct RunTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    @Test func readsColumns() throws {
        let path = try folder.write("r", "q1 Q0 d1 1 2.5 sys\nq1\tQ0\td2\t2\t-1e-3\tsys\nq0 Q0 d1 1 7 sys\n")
        let run = try TRECRun.read(path: path)
        #expect(run.tag == "sys")
        #expect(run.queryIDs == ["q1", "q0"])
        #expect(run.results["q1"] == [.init(passage: "d1", score: 2.5), .init(passage: "d2", score: -0.001)])
    }

    @Test(arguments: [
        "q Q0 d 1 1.0\n", "q Q0 d 1 nan t\n", "q Q0 d 1 1,5 t\n", "q Q0 d 1 - t\n", "q Q0 d 1 . t\n", "q Q0 d 1 x t\n",
        "q Q0 a 2 1 t\n",
    ])
    func bad(_ line: String) throws {
        let path = try folder.write("r", "q Q0 a 1 3 t\n" + line)
        let error = #expect(throws: CorpusError.self) { try TRECRun.read(path: path) }
        #expect("\(error!)".hasPrefix("\(path):2: "))
    }

    @Test func readsAsTrecEval() throws {
        let path = try folder.write(
            "r",
            "# made by me\nq Q0 a - 1e400 s\n \t\nq Q0 b 1.0 -inf s more columns\n  # two\nq\u{b}x\tc 1e0 0x1p3 last\r\n"
        )
        let run = try TRECRun.read(path: path)
        #expect(run.tag == "last")
        #expect(run.results["q"]?.map(\.score) == [.infinity, -.infinity, 8])
        #expect(try TRECRun.read(path: try folder.write("e", "# nothing\n")).queryIDs.isEmpty)
    }

    /// The quick way to read a number rounds as the long way does.
    @Test func scoresAreTheNearestDoubles() throws {
        var generator = SeededGenerator(seed: 5)
        let texts =
            (0..<5000).map { index -> String in
                let digits = String(UInt64.random(in: 0..<1_000_000_000_000_000_000, using: &generator)).prefix(
                    Int.random(in: 1...18, using: &generator))
                let place = Int.random(in: 0...digits.count, using: &generator)
                return (index % 3 == 0 ? "-" : "") + digits.prefix(place) + "." + digits.dropFirst(place)
            } + [
                "16777217", "9007199254740993", "0.1", ".5", "5.", "-0", "+1", "1E5", "1e-300",
                "123456789012345678901234567890",
            ]
        let lines = texts.enumerated().map { "q Q0 d\($0) 0 \($1) t\n" }.joined()
        let run = try TRECRun.read(path: try folder.write("r", lines))
        #expect(run.results["q"]?.map(\.score) == texts.map { strtod($0, nil) })
    }

    @Test func separatesWhatCannotBeWritten() throws {
        var run = TRECRun()
        run.set(
            [.init(passage: "a", score: 3), .init(passage: "b c", score: 2), .init(passage: "#d", score: 1)], query: "1"
        )
        run.set([.init(passage: "a", score: 1)], query: "two words")
        run.set([.init(passage: "a", score: 1)], query: "#3")
        let (held, lost) = run.writable(in: .trec)
        #expect(held.queryIDs == ["1"] && held.results["1"]?.map(\.passage) == ["a", "#d"])
        #expect(lost.queries == ["two words", "#3"] && lost.passages == ["b c"] && lost.entries == 3)
        #expect(run.writable(in: .json).lost.isEmpty && run.writable(in: .json).run == run)
        try held.write(to: folder.path + "/run")
    }

    @Test func writesEveryFormat() throws {
        var run = TRECRun(tag: "my tag")
        run.set([.init(passage: "b", score: 1.25), .init(passage: "a", score: -0.0000004)], query: "q")
        let path = folder.path + "/out/run"
        try run.write(to: path)
        #expect(try text(path) == "q Q0 b 1 1.250000 my_tag\nq Q0 a 2 0.000000 my_tag\n")
        try run.write(to: path, format: .msmarco)
        #expect(try text(path) == "q\tb\t1\nq\ta\t2\n")
        try run.write(to: path, format: .json)
        #expect(try text(path).hasPrefix(#"{"id": "q", "hits": [{"id": "b", "rank": 1, "score": 1.25}, "#))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/out") == ["run"])
    }

    @Test func refusesWhatCannotBeWritten() throws {
        let path = folder.path + "/run"
        for entry in [
            TRECRun.Entry(passage: "a b", score: 1), .init(passage: "a", score: .nan), .init(passage: "a", score: 1e20),
        ] {
            var run = TRECRun()
            run.set([entry], query: "q")
            #expect(throws: CorpusError.self) { try run.write(to: path) }
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    /// Whatever the scores are, reading the file and sorting it by trec_eval's rule gives the order
    /// in which the run was written.
    @Test func writtenScoresKeepTheOrder() throws {
        var generator = SeededGenerator(seed: 3)
        var run = TRECRun()
        let scales = [1e-7, 1e-3, 1, 30, 5000, 2e6, 9e8]
        for query in 0..<70 {
            let scale = scales[query % scales.count]
            var entries = (0..<200).map { index in
                let score = Double.random(in: -1...1, using: &generator) * scale
                return TRECRun.Entry(
                    passage: "d\(Int.random(in: 0..<1_000_000, using: &generator))-\(index)",
                    score: query % 3 == 0 ? (score / scale * 5).rounded() * scale / 5 : score)
            }
            // A third in no order at all, a third with ties in the order of the list.
            if query % 3 != 1 { entries.sort { $0.score > $1.score } }
            run.set(entries, query: "q\(query)")
        }
        let path = folder.path + "/run"
        try run.write(to: path)
        let read = try TRECRun.read(path: path)
        #expect(read.isInScoreOrder)
        let sorted = read.sortedByScore()
        for query in run.queryIDs {
            #expect(sorted.results[query]?.map(\.passage) == run.results[query]?.map(\.passage))
            // trec_eval 9 compares in single precision.
            let single = (read.results[query] ?? []).sorted {
                let (a, b) = (Float($0.score), Float($1.score))
                return a != b ? a > b : $1.passage < $0.passage
            }
            #expect(single.map(\.passage) == run.results[query]?.map(\.passage))
        }
    }

    @Test func scoresInOrderAreOnlyRounded() throws {
        var run = TRECRun()
        run.set(
            [
                .init(passage: "b", score: 20.1234564), .init(passage: "a", score: 20.1234564),
                .init(passage: "c", score: 3),
            ], query: "q")
        let path = folder.path + "/run"
        try run.write(to: path)
        #expect(try TRECRun.read(path: path).results["q"]?.map(\.score) == [20.123456, 20.123456, 3])
    }
}
