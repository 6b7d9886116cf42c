import Engine
import Foundation
import Indexer
import Testing
import Transformers

/// Each maker on a small corpus.
@Suite struct QueryMakerTests {
    private static let passages: [QueryPassage] = [
        .init(
            document: 0, id: "a", title: "Steam in ovens",
            text: "Steam keeps the crust soft. A pan of water makes it. Bakers in Lyon prefer injected steam, which condenses on cold loaves! Yes."),
        .init(document: 1, id: "b", title: "  ", text: "Two words"),
        .init(
            document: 2, id: "c", title: "Lunar  air",
            text: "The moon's atmosphere is a thin exosphere of argon and helium. Nobody could breathe it. Instruments of Apollo 17 measured it at night."),
    ]

    private func spans() -> SpanMaker { SpanMaker(tokenCount: 70, count: Self.count) }

    /// How often a word occurs in the passages.
    private static let count: @Sendable (String) -> Int = { word in
        passages.map(\.text).joined(separator: " ").lowercased().split { !$0.isLetter && !$0.isNumber }
            .count { $0 == word.lowercased() }
    }

    /// The same for all threads, batches and repetitions; another for another seed.
    private func make(_ maker: some QueryMaker, count: Int = 3, seeds: Bool = true) throws -> [[String]] {
        let made = try maker.make(Self.passages, count: count, seed: 1, threads: 1)
        #expect(try maker.make(Self.passages, count: count, seed: 1, threads: 3) == made)
        let alone = try Self.passages.map { try maker.make([$0], count: count, seed: 1, threads: 1)[0] }
        #expect(alone == made)
        if seeds {
            let others = try (2...9).map { try maker.make(Self.passages, count: count, seed: $0, threads: 1) }
            #expect(others.contains { $0 != made })
        }
        return made
    }

    @Test func sentences() throws {
        let made = try make(SentenceMaker(), count: 2)
        #expect(made.map(\.count) == [2, 0, 2])
        for (passage, queries) in zip(Self.passages, made) {
            #expect(queries.allSatisfy { passage.text.contains($0) && $0.last == "." || $0.last == "!" })
        }
        let all = try SentenceMaker().make(Self.passages, count: 9, seed: 1, threads: 1)
        #expect(all[0] == [
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
                #expect(!["the", "a", "of", "and", "in"].contains(query.split(separator: " ").first?.lowercased() ?? ""))
            }
        }
    }

    @Test("Telling words and n-grams, none twice") func terms() throws {
        let made = try make(TermMaker(tokenCount: 70, count: Self.count), count: 6)
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
        let passage = QueryPassage(
            document: 5, id: "d", title: "", text: "Bread rises. Bread bakes. Bread rests by an oven near helium.")
        let counts = ["bread": 3, "oven": 30, "helium": 1, "rises": 3]
        let maker = TermMaker(tokenCount: 100) { counts[$0.lowercased()] ?? 20 }
        let drawn = try (1...400).flatMap { try maker.make([passage], count: 1, seed: $0, threads: 1)[0] }
        func share(_ word: String) -> Int { drawn.count { $0.lowercased() == word } }
        #expect(share("helium") > 3 * share("oven") && share("bread") > 2 * share("rises"))
        #expect((120...280).contains(drawn.count { !$0.contains(" ") }))
        // A word is drawn once, however many places it has.
        let all = try maker.make([passage], count: 100, seed: 1, threads: 1)[0]
        #expect(all.count { $0.lowercased() == "bread" } <= 1)
    }

    @Test func titlesAndLabels() throws {
        #expect(try make(TitleMaker(), seeds: false) == [["Steam in ovens"], [], ["Lunar air"]])
        let labelled = LabelledMaker(byPassage: ["c": ["is there  air?", "who measured it", "2", "3"], "x": ["no"]])
        #expect(try make(labelled, count: 1, seeds: false) == [[], [], ["is there air?", "who measured it", "2", "3"]])
    }

    @Test("Questions of a trained generator") func generator() throws {
        let encoder = try SentenceEncoder(
            directory: TinySample.models.directory.appending(path: "tiny_bert"))
        let model = try GeneratorModel(directory: URL(filePath: TinySample.generator), encoder: encoder)
        for usesBeams in [false, true] {
            var options = GeneratorMaker.Options()
            options.usesBeams = usesBeams
            let made = try make(GeneratorMaker(model, options: options), seeds: !usesBeams)
            #expect(made.allSatisfy { $0.count <= 3 && !$0.isEmpty })
            #expect(!made.joined().contains { $0.contains("[") })
        }
    }

    @Test("A generator without the task is refused") func withoutQuestions() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("generator")
        try FileManager.default.copyItem(atPath: TinySample.generator, toPath: place)
        let file = URL(filePath: place + "/config.json")
        let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        try Data(text.replacingOccurrences(of: "\"question\"", with: "\"other\"").utf8).write(to: file)
        let encoder = try SentenceEncoder(
            directory: TinySample.models.directory.appending(path: "tiny_bert"))
        let model = try GeneratorModel(directory: URL(filePath: place), encoder: encoder)
        #expect { try GeneratorMaker(model) } throws: { "\($0)".contains("not trained to write questions") }
    }

    @Test(
        "Questions of a language model",
        .enabled(if: ModelCache.standard.directory(of: "SmolLM2-135M-Instruct") != nil))
    func languageModel() throws {
        let folder = try #require(ModelCache.standard.directory(of: "SmolLM2-135M-Instruct"))
        let maker = LanguageModelMaker(try LanguageModel(contentsOf: folder, precision: .int8))
        let passages = [Self.passages[0]]
        let made = try maker.make(passages, count: 3, seed: 1, threads: 1)
        #expect(try maker.make(passages, count: 3, seed: 1, threads: 2) == made)
        #expect(made[0].allSatisfy { !$0.isEmpty && !$0.contains("\n") && !$0.contains("Passage:") })
        #expect(!made[0].isEmpty)
    }
}
