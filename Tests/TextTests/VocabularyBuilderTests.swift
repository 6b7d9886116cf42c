import Foundation
import Testing
import Text

@Suite struct VocabularyBuilderTests {
    private let texts = [
        "The searcher searched, searching for searches; the search was long.",
        "Walking, talking and baking: she walked, talked and baked. Ünïcode 中文 too!",
        "the the the of of and",
    ]

    private func builder(_ texts: [String]) -> VocabularyBuilder {
        var builder = VocabularyBuilder()
        for text in texts { builder.add(text) }
        return builder
    }

    @Test("Every word of the corpus can be spelled") func coverage() throws {
        let tokenizer = try Tokenizer(json: builder(texts).build(size: 200))
        for text in texts {
            #expect(!tokenizer.encode(text).ids.contains(1))
        }
        #expect(tokenizer.encode("the").ids == [2, tokenizer.id(of: "the") ?? -1, 3])
        #expect(tokenizer.vocabularySize <= 200)
    }

    @Test func theOrderOfTextsDoesNotMatter() {
        #expect(builder(texts).build(size: 150) == builder(texts.reversed()).build(size: 150))
    }

    @Test("Words that do not fit share their frequent endings") func endings() throws {
        let letters = Array("bcdfghjklmnp").map(String.init)
        let stems = letters.flatMap { a in letters.map { a + "e" + $0 + "o" } }
        let words = stems.map { $0 + "tion" }.joined(separator: " ")
        let tokenizer = try Tokenizer(json: builder([words]).build(size: 100))
        #expect(tokenizer.id(of: "##tion") != nil)
        #expect(!tokenizer.encode(words).ids.contains(1))
    }

    @Test("Of more words than are counted the frequent ones stay, and every character") func manyWords() throws {
        var bounded = VocabularyBuilder(mostWords: 64)
        let common = "abcdefghijklmnopqrst".map { "common\($0)" }
        for turn in 0..<900 {
            for text in [
                "\(common[turn % 20]) \(common[turn % 7])", "rare\(String(turn, radix: 2))x", turn == 1 ? "Ж" : ".",
            ] {
                bounded.add(text)
            }
        }
        let tokenizer = try Tokenizer(json: bounded.build(size: 120))
        for word in common { #expect(tokenizer.id(of: word) != nil, "\(word)") }
        #expect(!tokenizer.encode("Ж rare10x").ids.contains(1))
        // Where all fit, a bound changes nothing.
        var (few, many) = (VocabularyBuilder(mostWords: 64), VocabularyBuilder())
        for word in common {
            few.add(word)
            many.add(word)
        }
        #expect(few.build(size: 150) == many.build(size: 150))
    }

    @Test("Hostile sizes", arguments: [-1, 0, 5, 6, 7, 30]) func sizes(size: Int) throws {
        let tokenizer = try Tokenizer(json: builder(texts).build(size: size))
        #expect(tokenizer.vocabularySize <= max(size, 5))
        _ = tokenizer.encode(texts[1])
    }

    @Test func emptyCorpus() throws {
        #expect(try Tokenizer(json: VocabularyBuilder().build()).vocabularySize == 5)
    }
}
