import Corpora
import Foundation
import TestSupport
import Testing

@Suite("Pairs of texts") struct TextPairsTests {
    private static func read(_ text: String) throws -> TextPairs {
        let folder = try TemporaryFolder()
        let path = folder.path("pairs.tsv")
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try TextPairs(path: path)
    }

    @Test("Columns and JSON, one line after the other; texts of one target are a group") func reading() throws {
        let pairs = try Self.read(
            "nurse\tcare, first aid\n\n{\"anchor\": \"Pflegerin\", \"positive\": \"care, first aid\"}\nbaker\tbread\nnurse\tcare, first aid\n"
        )
        #expect(
            pairs.groups == [
                .init(target: "care, first aid", texts: ["nurse", "Pflegerin"]),
                .init(target: "bread", texts: ["baker"]),
            ])
        #expect(pairs.count == 3 && pairs.heldOut.isEmpty)
    }

    @Test(
        "A line that is no pair is told with its number",
        arguments: [
            "alone", "a\t", "\tb", "a\tb\tc", "{\"anchor\": \"a\"}", "{\"anchor\": 1, \"positive\": \"b\"}", "{",
            "a\t ",
        ])
    func bad(line: String) {
        #expect { try Self.read("x\ty\n\(line)\n") } throws: { error in
            guard case CorpusError.badLine(let bad) = error else { return false }
            return bad.place.line == 2
        }
    }

    @Test("An empty file has no pairs") func empty() {
        #expect(throws: CorpusError.self) { try Self.read("\n") }
    }

    @Test("Targets are held out with all their texts, and one stays") func holdingOut() throws {
        var pairs = TextPairs()
        for target in 0..<20 { for text in 0..<3 { pairs.add("t\(target) \(text)", "target \(target)") } }
        var again = pairs
        pairs.holdOut(share: 0.25, limit: 100, seed: 3)
        again.holdOut(share: 0.25, limit: 100, seed: 3)
        #expect(pairs == again && pairs.heldOut.count == 5 && pairs.groups.count == 15)
        #expect((pairs.groups + pairs.heldOut).allSatisfy { $0.texts.count == 3 })
        #expect(Set((pairs.groups + pairs.heldOut).map(\.target)).count == 20)
        var few = TextPairs()
        few.add("a", "b")
        few.holdOut(share: 0.5, limit: 9, seed: 1)
        #expect(few.groups.count == 1 && few.heldOut.isEmpty)
        var cut = again
        cut.holdOut(share: 0.5, limit: 2, seed: 1)
        #expect(cut.heldOut.count == 2 && cut.groups.count == 13)
    }
}
