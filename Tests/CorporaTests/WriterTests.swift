import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct WriterTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test func beirFolderRoundTrip() throws {
        let passages = (0..<300).map {
            Passage(id: "p\($0)", title: $0 % 2 == 0 ? "" : "Title \"\($0)\"", text: "line\n\($0)\t漢字 \\ é")
        }
        var qrels = Qrels()
        qrels.set(2, query: "q", passage: "p7")
        let path = folder.path + "/corpus"
        try BEIRFolder.write(
            passages: passages, queries: [Query(id: "q", text: "what?")], qrels: qrels, to: path)
        let read = try readAll(path)
        #expect(read.format == .beirFolder)
        #expect(read.passages == passages)
        #expect(try Queries.read(path: path) == [Query(id: "q", text: "what?")])
        #expect(try Qrels.read(path: path) == qrels)
    }

    @Test func nothingIsLeftOfAnUnfinishedFile() throws {
        do {
            var writer = try CorpusWriter(path: folder.path + "/corpus.jsonl")
            try writer.write(Passage(id: "1", text: "a"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
