import Corpora
import TestSupport
import Testing

@Suite struct QrelsTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: [
        "query-id\tcorpus-id\tscore\nq2\td 1\t2\nq1\td2\t0\nq2\td3\t-1\n",
        "q2\t0\td 1\t2\nq1\t0\td2\t0\nq2\t0\td3\t-1",
    ])
    func layouts(_ text: String) throws {
        let qrels = try Qrels.read(path: try folder.write("q", text))
        #expect(qrels.queryIDs == ["q2", "q1"])
        #expect(qrels.judgements == ["q2": ["d 1": 2, "d3": -1], "q1": ["d2": 0]])
        #expect(qrels.judgements(of: "q2").map(\.passage) == ["d 1", "d3"])
        #expect(qrels.count == 3)
    }

    @Test func spacesAndRoundTrips() throws {
        let read = try Qrels.read(path: try folder.write("q", "7  0   d1 1\n7 0 d2\t3\n"))
        #expect(read.judgements == ["7": ["d1": 1, "d2": 3]])
        for format in Qrels.Format.allCases {
            let path = folder.path + "/qrels/test.tsv"
            try read.write(to: path, format: format)
            #expect(try Qrels.read(path: folder.path) == read)
        }
    }

    @Test func commentsAndWhiteSpace() throws {
        let text = "# pooled to depth 10 only\n# and a second\r\n1\t0 a\t1 \r\n\n#1 0 c 1\n  1\u{b}Q0\u{c}b  -1\n# end"
        #expect(try Qrels.read(path: try folder.write("q", text)).judgements == ["1": ["a": 1, "b": -1]])
        // Under a header identifiers may begin with the sign.
        let beir = try Qrels.read(path: try folder.write("b", "query-id\tcorpus-id\tscore\n#1\t# a\t1\n"))
        #expect(beir.judgements == ["#1": ["# a": 1]])
    }

    @Test func gradesWithAFraction() throws {
        var cut: [String] = []
        let path = try folder.write("q", "1 0 a 1.0\n1 0 b 2.\n1 0 c 0.5\n1 0 d -1.25\n1 0 e +03\n1 0 f .0\n")
        let qrels = try Qrels.read(path: path) { place, text in cut.append("\(place.line): \(text)") }
        #expect(qrels.judgements["1"] == ["a": 1, "b": 2, "c": 0, "d": -1, "e": 3, "f": 0])
        #expect(cut == ["3: 0.5", "4: -1.25"])
    }

    @Test(arguments: [
        "1 0 d\n", "1 0 d x\n", "1 0 d 1 5\n", "1 0 d 1e3\n", "1 0 d 99999999999999999999\n", "1 0 d -\n", "1 0 a 0\n",
        "1 0 \u{E9}\n",
    ])
    func bad(_ line: String) throws {
        let path = try folder.write("q", "1 0 a 1\n" + line)
        let error = #expect(throws: CorpusError.self) { try Qrels.read(path: path) }
        #expect("\(error!)".hasPrefix("\(path):2: "))
    }
}
