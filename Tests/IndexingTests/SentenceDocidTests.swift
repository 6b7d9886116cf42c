import Docids
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Ranking
import SampleIndexes
import Search
import Storage
import Tensors
import TestSupport
import Testing
import Text
import Transformers

/// Docids of sentences, from the text to a search, under the tiny encoder.
@Suite struct SentenceDocidTests {
    private func options() -> IndexOptions {
        var options = IndexOptions()
        (options.encoder, options.pseudoQueries, options.generator) = ("tiny_bert", 0, nil)
        return options
    }

    private func build(_ place: String, _ options: IndexOptions, corpus: String = Sample.path) throws {
        var builder = IndexBuilder(corpus: corpus, destination: place, options: options, models: TinySample.models)
        builder.staticSample = 60
        _ = try builder.build()
    }

    private func reader(_ place: String) throws -> IndexReader {
        try IndexReader.open(place, models: TinySample.models)
    }

    private func sentences(_ place: String) throws -> [SentenceCodes?] {
        try reader(place).snapshot.segments.map {
            $0.has(SentenceCodes.self) ? try $0.component(SentenceCodes.self) : nil
        }
    }

    /// A passage's sentences, as windows say that they are read, beside the passages' vectors.
    @Test("A sentence's vector is the mean of its tokens' states and the title's, mixed with the passage's")
    func vectors() throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: 9)
        let words = ["bread", "yeast", "river", "bends", "a", "cold", "night", "falls", "over", "the", "mill"]
        func sentence() -> String {
            (0..<5).map { _ in words[Int.random(in: 0..<words.count, using: &random)] }.joined(separator: " ") + "."
        }
        // The tiny encoder reads 40 tokens: of some passages all, of others a part.
        let passages = (0..<40).map { place in
            (
                id: "p\(place)", title: words[place % words.count],
                text: (0..<2 + place % 7).map { _ in sentence() }.joined(separator: " ")
            )
        }
        try build(folder.path("index"), options(), corpus: try folder.corpus(passages))
        let reader = try reader(folder.path("index"))
        let encoder = try reader.value(IndexEncoder.self).encoder
        let stored = try #require(try sentences(folder.path("index"))[0])
        let d = stored.dimension
        var (checked, cut) = (0, 0)
        for passage in 0..<reader.count {
            let text = try reader.passage(PassageIndex(passage))
            func bare(_ text: some StringProtocol) -> [Int32] {
                Array(encoder.tokens(of: String(text), as: .passage).dropFirst().dropLast())
            }
            let pieces = DocidRecipe().sentences(of: text.text)
            let own = stored.owners.entries(of: Int32(passage))
            #expect(own.count == max(1, pieces.count))
            let title = bare(text.title)
            let whole = encoder.framed(title + pieces.flatMap { bare($0) })
            let states = encoder.states(tokens: whole)
            let passageVector = encoder.vector(of: states)
            var place = 1 + title.count
            for (piece, entry) in zip(pieces, own) {
                let range = place..<place + bare(piece).count
                place = range.upperBound
                // What does not fit is read in another window.
                guard place < states.rows else {
                    cut += 1; continue
                }
                var mean = [Float](repeating: 0, count: d)
                for row in Array(0...title.count) + Array(range) {
                    for (i, value) in states.row(row).enumerated() { mean[i] += value }
                }
                Vector.normalize(&mean)
                let mixed = zip(passageVector, mean).map { 0.3 * $0 + 0.7 * $1 }
                var coded = [Float](repeating: 0, count: d)
                coded.withUnsafeMutableBufferPointer { stored.codes.copy(Int32(entry), into: $0) }
                // Half a byte a component is coarse.
                let cosine =
                    Vector.dot(coded, mixed) / (Vector.dot(coded, coded) * Vector.dot(mixed, mixed)).squareRoot()
                #expect(cosine > 0.98, "\(text.id)")
                checked += 1
            }
        }
        #expect(checked > 30 && cut > 10)
    }

    @Test("Windows hold every sentence once, and as much of it as the encoder reads") func windows() throws {
        let folder = try TemporaryFolder()
        try build(folder.path("index"), options())
        let encoder = try reader(folder.path("index")).value(IndexEncoder.self).encoder
        var random = SeededGenerator(seed: 3)
        func tokens(_ count: Int) -> [Int32] { (0..<count).map { _ in Int32.random(in: 1000..<1100, using: &random) } }
        let room = encoder.maxTokens - 2
        for (titleCount, lengths) in [
            (0, []), (3, [5]), (0, [room]), (2, [room - 2]), (2, [room - 1]), (room + 5, [4, 4]),
            (4, [room, room + 9, 3]),
            (3, [Int](repeating: 7, count: 60)),
        ] as [(Int, [Int])] {
            let (title, sentences) = (tokens(titleCount), lengths.map { tokens($0) })
            let passage = encoder.framed(title + sentences.joined())
            let windows = SentenceWindow.windows(passage, title: title, sentences: sentences, encoder)
            #expect(windows.filter(\.isPassage).count == 1 && windows[0].tokens == passage)
            #expect(windows.flatMap { $0.sentences.map(\.number) } == Array(sentences.indices))
            for window in windows {
                #expect(window.tokens.count <= encoder.maxTokens)
                for (number, range) in window.sentences {
                    let read = Array(window.tokens[range])
                    #expect(!read.isEmpty && read == Array(sentences[number].prefix(read.count)))
                    #expect(read.count == sentences[number].count || read.count + window.head - 1 == room)
                }
            }
        }
        // A passage that was tokenised otherwise than its parts has windows of their own for all.
        let odd = SentenceWindow.windows(
            encoder.framed(tokens(9)), title: [], sentences: [tokens(4), tokens(5)], encoder)
        #expect(odd.count == 2 && odd[0].sentences.isEmpty && odd[1].sentences.count == 2)
    }

    @Test("What is added, deleted and compacted is found as in an index that was built of it") func living() throws {
        let folder = try TemporaryFolder()
        let (place, other) = (folder.path("index"), folder.path("other"))
        let long =
            "The lighthouse keeper counts gulls. Nobody else on the island can. Later he writes their number down."
        let news = (0..<6).map { (id: "new\($0)", title: "Island \($0)", text: "\(long) Ferry \($0) is late again.") }
        try build(place, options())
        let change = IndexChange(place, models: TinySample.models)
        _ = try change.add(try folder.corpus(news))
        _ = try change.delete(ids: ["new3", "sourdough-starter"])
        func found(_ place: String) throws -> [[String]] {
            let engine = try Engine.open(place, models: TinySample.models, precision: .float32)
            var options = SearchOptions("docid")
            options[DocidRetriever.self].beams = 5_000
            return try ["gulls on the island", "sourdough bread", "late ferry 4"].map {
                try engine.rank($0, hits: 8, options: options).hits.map(\.id)
            }
        }
        let before = try found(place)
        #expect(try sentences(place).allSatisfy { $0 != nil } && sentences(place).count == 2)
        #expect(!before.joined().contains("new3") && before[2].first == "new4")
        _ = try change.compact(.all)
        #expect(try sentences(place).count == 1)
        let after = try found(place)
        // Codes of codes round once more.
        for (one, two) in zip(before, after) {
            #expect(Set(one.prefix(5)).symmetricDifference(two.prefix(5)).count <= 2)
        }
        try reader(place).verify(isDeep: true)
        var options = options()
        options.sentenceDocids = false
        try build(other, options)
        #expect(try sentences(other).allSatisfy { $0 == nil })
    }

    @Test("Passages of a sentence are their own; an explanation says which sentence a docid stands for")
    func explained() throws {
        let folder = try TemporaryFolder()
        let short = try folder.corpus((0..<30).map { (id: "p\($0)", title: "", text: "only sentence number \($0)") })
        try build(folder.path("short"), options(), corpus: short)
        #expect(try sentences(folder.path("short")).allSatisfy { $0 == nil })
        try build(folder.path("index"), options())
        let engine = try Engine.open(folder.path("index"), models: TinySample.models)
        var request = SearchRequest("when does a sourdough starter smell", hits: 3)
        request.explain = .full
        request.options = SearchOptions("docid")
        for candidate in try engine.search(request).candidates {
            let path = try #require(candidate.explanation?.detail("docid", as: DocidPath.self))
            #expect(path.scheme == "sentences" && !path.levels.isEmpty)
            let text = try #require(path.text)
            #expect(try #require(candidate.text).contains(text))
        }
    }

    @Test("Static vectors give way to the encoder's, those of sentences too") func continued() throws {
        let folder = try TemporaryFolder()
        var sparse = options()
        sparse.encoderBudget = .passages(0)
        try build(folder.path("static"), sparse)
        try build(folder.path("all"), options())
        func similarity() throws -> Double {
            let (one, two) = (
                try #require(try sentences(folder.path("static"))[0]),
                try #require(try sentences(folder.path("all"))[0])
            )
            #expect(one.owners.passages.toArray() == two.owners.passages.toArray())
            var (a, b) = ([Float](repeating: 0, count: one.dimension), [Float](repeating: 0, count: one.dimension))
            let cosines = (0..<one.owners.count).map { entry in
                a.withUnsafeMutableBufferPointer { one.codes.copy(Int32(entry), into: $0) }
                b.withUnsafeMutableBufferPointer { two.codes.copy(Int32(entry), into: $0) }
                return Double(Vector.dot(a, b) / (Vector.dot(a, a) * Vector.dot(b, b)).squareRoot())
            }
            return cosines.reduce(0, +) / Double(cosines.count)
        }
        let before = try similarity()
        _ = try VectorContinuation(folder.path("static"), models: TinySample.models).run()
        let after = try similarity()
        #expect(before < 0.99 && after > 0.995 && after > before)
        try reader(folder.path("static")).verify(isDeep: true)
    }
}
