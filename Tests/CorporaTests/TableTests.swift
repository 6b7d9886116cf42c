import Corpora
import TestSupport
import Testing

@Suite struct HeadedTableTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String, _ name: String = "t.tsv") throws -> (
        passages: [Passage], report: CorpusReport, format: CorpusFormat
    ) {
        try readAll(try folder.write(name, text))
    }

    @Test func aStrayQuoteSwallowsNothing() throws {
        let rows = (3...30).map { "\($0)\trow \($0)\tT\($0)" }.joined(separator: "\n")
        for ending in ["", "\n31\tlast\"\tF\n", "\n31\t\"whole\"\tF\n", "\n31\tlast\t\"F\n"] {
            let read = try read("id\ttext\ttitle\n1\tone\tA\n2\t\"quoted start\tB\n" + rows + ending)
            #expect(read.passages.count == (ending.isEmpty ? 30 : 31), "\(ending)")
            #expect(read.passages[1] == Passage(id: "2", title: "B", text: "\"quoted start"))
            #expect(read.report.badLineCount == 0)
        }
        // The next row's quotes would close it.
        let two = try read("id\ttext\ttitle\n1\t\"stray\tA\n2\t\"whole\"\tB\n3\tx\t\"stray\n4\ty\tD\n")
        #expect(two.passages.map(\.text) == ["\"stray", "whole", "x", "y"])
        #expect(two.passages.map(\.title) == ["A", "B", "\"stray", "D"])
        // In one line.
        let one = try read("id\ttext\ttitle\n1\t\"stray\t\"B\"\n")
        #expect(one.passages == [Passage(id: "1", title: "B", text: "\"stray")])
    }

    @Test func quotedRowsOverLinesAreJoined() throws {
        let read = try read("id\ttext\ttitle\r\n1\t\"a\r\nb\"\tA\r\n2\t\"c\n\nd\te\n\"\"f\"\"\"\t\"B\nb\"\r\n3\tx\tC\n")
        #expect(read.passages.map(\.text) == ["a\nb", "c\n\nd\te\n\"f\"", "x"])
        #expect(read.passages.map(\.title) == ["A", "B\nb", "C"])
        let last = try self.read("id\ttitle\ttext\n1\tA\t\"a\nb\"\n2\tB\tc\n")
        #expect(last.passages.map(\.text) == ["a\nb", "c"])
        let open = try self.read("id\ttitle\ttext\n1\t\"a\n2\tB\tc\n")
        #expect(open.passages.map(\.id) == ["2"])
        #expect(open.report.badLines.map(\.reason) == ["a quoted column is not closed"])
    }

    @Test func commas() throws {
        let csv = try read(
            "Id,Text,Title\r\n1,\"newton, \"\"gravity\"\"\nand more, of it, all\",A\r\n2,whale,\"B, b\"\r\n3,5\" disk,C\r\n4,\"stray,D\r\n5,end,E\r\n",
            "t.csv")
        #expect(csv.format == .headedTable)
        #expect(
            csv.passages.map(\.text) == [
                "newton, \"gravity\"\nand more, of it, all", "whale", "5\" disk", "\"stray", "end",
            ])
        #expect(csv.report.badLineCount == 0)
        #expect(try read("id;text\n1;a,b\n", "s.csv").passages.map(\.text) == ["a,b"])
        #expect(try read("id,text\n", "prose.txt").format == .textFile)
        let marked = try read("\u{feff}id,text\n1,a\n", "m.csv")
        #expect(marked.passages == [Passage(id: "1", text: "a")])
    }

    @Test func shapesWithoutAHeader() throws {
        let colbert = try read("0\tone\tA\n1\ttwo \"q\tB\n")
        #expect(colbert.format == .colbert)
        #expect(colbert.passages.map(\.title) == ["A", "B"])
        let documents = try read("D1\thttps://a\tT\tbody\nD2\thttp://b\tU\t\"body\n")
        #expect(documents.format == .msMarcoDocuments)
        #expect(documents.passages[1] == Passage(id: "D2", title: "U", text: "\"body"))
    }

    @Test(.timeLimit(.minutes(5))) func hostileQuotesTakeLinearTime() throws {
        let rows = String(repeating: "1\t\"\n", count: 100_000)
        #expect(throws: CorpusError.self) { try read("id\ttext\ttitle\n" + rows) }
        let doubled = String(repeating: "\"\"\"x\n", count: 100_000)
        #expect(throws: CorpusError.self) { try read("id\ttext\ttitle\n" + doubled) }
        let fields = "1" + String(repeating: "\t\"", count: 200_000)
        #expect(throws: CorpusError.self) { try read("id\ttext\ttitle\n" + fields) }
    }
}
