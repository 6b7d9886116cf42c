import Engine
import Foundation
import Indexing
import Memory
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing
import Text

/// Words that the tokenizer does not know are spelled, in passages and in queries alike.
@Suite struct NgramTokenizerTests {
    private static let scripts = [
        "ABCDEFGHJKLMNPQRSTUVWXYZ", "АБВГДЕЖЗИКЛМНОПРСТУФХ", "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤ", "אבגדהוזחטיכלמנסעפ",
        "ابتثجحخدذرزسشصضطظ", "კლმნოპჟრსტუფქღყშ", "กขคงจฉชซญดตถทนบ", "学习天地玄黄宇宙洪荒", "アイウエオカキクケコ",
        "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾ", "कखगघचछजझटठडढ",
    ]

    private func identifiers(_ count: Int) -> [String] {
        var random = SeededGenerator(seed: 11)
        var seen: Set<String> = []
        while seen.count < count {
            let letters = Array(Self.scripts[seen.count % Self.scripts.count])
            let text = (0..<Int.random(in: 6...12, using: &random)).map { place -> Character in
                // A letter and a digit at least.
                let isDigit = place == 1 || (place > 1 && Bool.random(using: &random))
                return isDigit
                    ? Character(String(Int.random(in: 0...9, using: &random)))
                    : letters.randomElement(using: &random) ?? "A"
            }
            seen.insert(String(text))
        }
        return seen.sorted()
    }

    private func check(encoder: String?) throws {
        let folder = try TemporaryFolder()
        let all = identifiers(220)
        let corpus = try folder.corpus(
            all.enumerated().map { ("p\($0.offset)", "", "Part \($0.element): belt for a fan.") })
        var options = IndexOptions()
        options.encoder = encoder
        options.pseudoQueries = 0
        options.generator = nil
        let place = folder.path("index")
        _ = try IndexBuilder(corpus: corpus, destination: place, options: options).build()
        let engine = try Engine.open(place)
        let search = SearchOptions("ngram")
        for (number, identifier) in all.enumerated() {
            let hits = try engine.rank(identifier, options: search).hits
            #expect(hits.first?.id == "p\(number)", "\(identifier)")
        }
        // Case and emoji; another spelling finds nothing.
        #expect(try engine.rank("🙂🙃", options: search).hits.isEmpty)
    }

    @Test("Identifiers in eleven scripts are found first by n-grams alone, without an encoder")
    func withoutEncoder() throws { try check(encoder: nil) }

    @Test(
        "And with the encoder's vocabulary, which lacks most of their letters",
        .enabled(if: Sample.hasEncoder, "the default encoder is not installed"))
    func withEncoder() throws { try check(encoder: "all-MiniLM-L6-v2") }

    @Test("Names that punctuation cuts are found first, and words of a language are no names") func names() throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 5)
        func number(_ most: Int) -> Int { Int.random(in: 0...most, using: &random) }
        let names =
            Set((0..<150).map { _ in "v\(number(9)).\(number(30)).\(number(50))" }).sorted()
            + Set((0..<50).map { _ in "QX-\(number(99))/\(["AA", "ZZ", "BB"][number(2)])" }).sorted()
        let corpus = try folder.corpus(
            names.enumerated().map { ("p\($0.offset)", "", "The item \($0.element) lies on shelf \($0.offset % 11).") })
        var options = IndexOptions()
        options.encoder = nil
        options.pseudoQueries = 0
        options.generator = nil
        let place = folder.path("index")
        _ = try IndexBuilder(corpus: corpus, destination: place, options: options).build()
        let engine = try Engine.open(place)
        let search = SearchOptions("ngram")
        for (number, name) in names.enumerated() {
            #expect(try engine.rank("where is \(name)?", options: search).hits.first?.id == "p\(number)", "\(name)")
        }
        for (text, runs) in [
            ("O'Brien's well-known dog, (really).", 0), ("v1.2.3, a@b.org and x/y", 3), ("C++ or C#?", 2), ("1.5", 1),
            ("end. Next", 0), ("3M", 0), ("", 0),
        ] where !text.isEmpty {
            #expect(try engine.reader.query(text, needs: [])[NgramQuery.self]?.runs.count == runs, "\(text)")
        }
    }

    @Test("Tokens and texts", .enabled(if: Sample.hasEncoder, "the default encoder is not installed")) func encoding()
        throws
    {
        let engine = try Sample.full.get().engine
        let ngrams = try engine.reader.value(IndexTokenizer.self).ngrams
        let text = "Addis አዲስ 🙂 bread"
        let encoding = ngrams.encode(text)
        #expect(encoding.ids.count == encoding.offsets.count)
        #expect(ngrams.decode(encoding.ids) == "addis አዲስ 🙂 bread")
        // One word: its first byte starts it, the others go on with it.
        let spelled = zip(encoding.ids, encoding.offsets).filter {
            text.utf8.count > $0.1.upperBound && $0.0 >= ngrams.tokenizer.vocabularySize
        }
        #expect(spelled.count == "አዲስ".utf8.count + "🙂".utf8.count)
        #expect(spelled.count { ngrams.startsWord($0.0) } == 2)
        // What a model reads has one unknown token a word.
        let unknown = try #require(ngrams.tokenizer.unknownID)
        #expect(ngrams.known(encoding.ids).count { $0 == unknown } == 2)
        #expect(ngrams.tokens("ÉCOLE") == ngrams.tokens("école"))
        // Data is no word.
        let blob = String(repeating: "თ", count: 400)
        #expect(ngrams.tokens(blob) == [unknown])
        #expect(!ngrams.tokens("a [SEP] b").contains { ngrams.tokenizer.isSpecial($0) && $0 != unknown })
    }
}
