import Corpora
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

    @Test(arguments: ["1 0 d\n", "1 0 d x\n", "1 0 d 1 5\n", "1 0 d 1.5\n", "1 0 a 0\n"])
    func bad(_ line: String) throws {
        let path = try folder.write("q", "1 0 a 1\n" + line)
        let error = #expect(throws: CorpusError.self) { try Qrels.read(path: path) }
        #expect("\(error!)".hasPrefix("\(path):2: "))
    }
}
