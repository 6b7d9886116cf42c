import Corpora
import Engine
import Foundation
import Indexing
import SampleIndexes
import Search
import Tensors
import TestSupport
import Testing
import Transformers

/// Each query generator on a small corpus.
@Suite struct QueryGeneratorTests {
    private static let passages: [QueryPassage] = [
        passage(
            0, "Steam in ovens",
            "Steam keeps the crust soft. A pan of water makes it. Bakers in Lyon prefer injected steam, which condenses on cold loaves! Yes."
        ),
        passage(1, "  ", "Two words"),
        passage(
            2, "Lunar  air",
            "The moon's atmosphere is a thin exosphere of argon and helium. Nobody could breathe it. Instruments of Apollo 17 measured it at night."
        ),
    ]

    private static func passage(_ document: Int32, _ title: String, _ text: String) -> QueryPassage {
        let ids = ["a", "b", "c", "d"]
        return QueryPassage(document: document, .init(id: ids[Int(document)], title: title, text: text))
    }

    private func spans() -> SpanQueries { SpanQueries(tokenCount: 70, count: Self.count) }

    /// How often a word occurs in the passages.
    private static let count: @Sendable (String) -> Int = { word in
        passages.map(\.text).joined(separator: " ").lowercased().split { !$0.isLetter && !$0.isNumber }
            .count { $0 == word.lowercased() }
    }

    /// The same for all threads, batches and repetitions; another for another seed.
    private func make(_ generator: some QueryGenerator, count: Int = 3, seeds: Bool = true) throws -> [[String]] {
        let made = try generator.make(Self.passages, count: count, seed: 1, threads: 1)
        #expect(try generator.make(Self.passages, count: count, seed: 1, threads: 3) == made)
        let alone = try Self.passages.map { try generator.make([$0], count: count, seed: 1, threads: 1)[0] }
        #expect(alone == made)
        if seeds {
            let others = try (2...9).map { try generator.make(Self.passages, count: count, seed: $0, threads: 1) }
            #expect(others.contains { $0 != made })
        }
        return made
    }

    @Test func sentences() throws {
        let made = try make(SentenceQueries(), count: 2)
        #expect(made.map(\.count) == [2, 0, 2])
        for (passage, queries) in zip(Self.passages, made) {
            #expect(queries.allSatisfy { passage.text.contains($0) && $0.last == "." || $0.last == "!" })
        }
        let all = try SentenceQueries().make(Self.passages, count: 9, seed: 1, threads: 1)
        #expect(
            all[0] == [
                "Steam keeps the crust soft.", "Bakers in Lyon prefer injected steam, which condenses on cold loaves!",
            ] || all[0].count == 3)
        #expect(!all[0].contains("Yes."))
    }

    @Test func spansOfRareWords() throws {
        let made = try make(spans(), count: 2)
        #expect(made[1].isEmpty && !made[0].isEmpty && !made[2].isEmpty)
        for (passage, queries) in zip(Self.passages, made) {
            var used = Set<Range<String.Index>>()
            for query in queries {
                #expect((1...12).contains(query.split(separator: " ").count))
                let place = try #require(passage.text.range(of: query))
                #expect(!used.contains { $0.overlaps(place) })
                used.insert(place)
                #expect(
                    !["the", "a", "of", "and", "in"].contains(query.split(separator: " ").first?.lowercased() ?? ""))
            }
        }
    }

    @Test("Telling words and n-grams, none twice") func terms() throws {
        let made = try make(TermQueries(tokenCount: 70, count: Self.count), count: 6)
        #expect(!made[0].isEmpty && !made[2].isEmpty)
        for (passage, queries) in zip(Self.passages, made) {
            #expect(Set(queries.map { $0.lowercased() }).count == queries.count)
            for query in queries {
                let words = query.split(separator: " ")
                #expect((1...4).contains(words.count) && passage.text.contains(query))
                for word in [words.first, words.last] {
                    #expect(!["the", "a", "of", "and", "in", "it"].contains(word?.lowercased() ?? ""))
                }
            }
        }
        // Over many seeds both kinds are drawn, rare words more often than frequent ones, and of equally
        // frequent ones those that stand more often in the passage.
        let passage = Self.passage(3, "", "Bread rises. Bread bakes. Bread rests by an oven near helium.")
        let counts = ["bread": 3, "oven": 30, "helium": 1, "rises": 3]
        let generator = TermQueries(tokenCount: 100) { counts[$0.lowercased()] ?? 20 }
        let drawn = try (1...400).flatMap { try generator.make([passage], count: 1, seed: $0, threads: 1)[0] }
        func share(_ word: String) -> Int { drawn.count { $0.lowercased() == word } }
        #expect(share("helium") > 3 * share("oven") && share("bread") > 2 * share("rises"))
        #expect((120...280).contains(drawn.count { !$0.contains(" ") }))
        // A word is drawn once, however many places it has.
        let all = try generator.make([passage], count: 100, seed: 1, threads: 1)[0]
        #expect(all.count { $0.lowercased() == "bread" } <= 1)
    }

    @Test func titlesAndLabels() throws {
        #expect(try make(TitleQueries(), seeds: false) == [["Steam in ovens"], [], ["Lunar air"]])
        let labelled = LabelledQueries(byPassage: ["c": ["is there  air?", "who measured it", "2", "3"], "x": ["no"]])
        #expect(
            try make(labelled, count: 1, seeds: false) == [[], [], ["is there air?", "who measured it", "2", "3"]])
    }

    @Test("Questions of a trained generator") func generator() throws {
        let encoder = try SentenceEncoder(directory: TinySample.encoder)
        let model = try GeneratorModel(directory: TinySample.generator, encoder: encoder)
        for usesBeams in [false, true] {
            var options = GeneratorQueries.Options()
            options.usesBeams = usesBeams
            let made = try make(GeneratorQueries(model, options: options), seeds: !usesBeams)
            #expect(made.allSatisfy { $0.count <= 3 && !$0.isEmpty })
            #expect(!made.joined().contains { $0.contains("[") })
        }
    }

    @Test("A generator without the task is refused") func withoutQuestions() throws {
        let folder = try TemporaryFolder()
        let place = try TinySample.generator(
            URL(filePath: folder.path("generator")), replacing: "\"question\"", with: "\"other\"")
        let encoder = try SentenceEncoder(directory: TinySample.encoder)
        let model = try GeneratorModel(directory: place, encoder: encoder)
        #expect { try GeneratorQueries(model) } throws: { "\($0)".contains("not trained to write questions") }
    }

    @Test(
        "Questions of a language model",
        .enabled(
            if: ModelCache.standard.directory(of: "SmolLM2-135M-Instruct") != nil,
            "SmolLM2-135M-Instruct is not installed"))
    func languageModel() throws {
        let folder = try #require(ModelCache.standard.directory(of: "SmolLM2-135M-Instruct"))
        let generator = LanguageModelQueries(try LanguageModel(contentsOf: folder, precision: .int8))
        let passages = [Self.passages[0]]
        let made = try generator.make(passages, count: 3, seed: 1, threads: 1)
        #expect(try generator.make(passages, count: 3, seed: 1, threads: 2) == made)
        #expect(made[0].allSatisfy { !$0.isEmpty && !$0.contains("\n") && !$0.contains("Passage:") })
        #expect(!made[0].isEmpty)
    }
}
