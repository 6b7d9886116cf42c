import Corpora
import TestSupport
import Testing

/// "é" in one scalar and in two are one string to Swift and two names to every file.
@Suite struct IdentifierTests {
    let folder: TemporaryFolder
    let composed = Identifier("caf\u{e9}")
    let decomposed = Identifier("cafe\u{301}")

    init() throws { folder = try TemporaryFolder() }

    @Test func bytesDecide() {
        #expect(composed.string == decomposed.string)
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(decomposed < composed && !(composed < decomposed))
        #expect(Identifier("") < "a" && Identifier("a") < "aa" && Identifier("Z") < "a")
        // U+FFFF is less than U+10000 in UTF-8 and greater in UTF-16.
        #expect(Identifier("\u{FFFF}") < "\u{10000}")
        #expect(Identifier("a\u{0}b") != "a\u{0}c")
    }

    @Test func filesKeepThemApart() throws {
        let run = try TRECRun.read(
            path: try folder.write(
                "r",
                "q Q0 \(composed) 1 2 t\nq Q0 \(decomposed) 2 1 t\n\(composed) Q0 a 1 1 t\n\(decomposed) Q0 a 1 1 t\n"))
        #expect(run.queryIDs.count == 3 && run.results["q"]?.map(\.passage) == [composed, decomposed])
        let qrels = try Qrels.read(path: try folder.write("q", "q 0 \(composed) 1\nq 0 \(decomposed) 0\n"))
        #expect(qrels.judgements["q"] == [composed: 1, decomposed: 0])
        let queries = try Queries.read(path: try folder.write("t", "\(composed)\tone\n\(decomposed)\ttwo\n"))
        #expect(queries.map(\.id) == [composed, decomposed])
        let carried = try Queries.readOfPassages(path: folder.path + "/t")
        #expect(carried == [composed: ["one"], decomposed: ["two"]])
    }

    @Test func tiesFallByBytes() {
        let list = ["a", "\u{FFFF}", "\u{10000}", composed, decomposed].map { TRECRun.Entry(passage: $0, score: 1) }
        #expect(
            list.sorted(by: TRECRun.precedes).map(\.passage) == ["\u{10000}", "\u{FFFF}", composed, decomposed, "a"])
    }
}
