import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing

/// One index of several.
@Suite struct MergeTests {
    private typealias Text = (id: String, title: String, text: String)
    private static let words = [
        "bread", "salt", "water", "flour", "oven", "stone", "river", "mill", "wheel", "grain", "baker", "loaf",
    ]

    private func texts(_ range: Range<Int>, seed: UInt64) -> [Text] {
        var random = SeededGenerator(seed: seed)
        func word() -> String { Self.words.randomElement(using: &random) ?? "" }
        return range.map { ("p\($0)", word(), (0..<8).map { _ in word() }.joined(separator: " ")) }
    }

    private func build(
        _ texts: [Text], _ place: String, _ folder: TemporaryFolder, segmentTokens: Int? = nil
    ) throws {
        try TinySample.build(
            at: place, segmentTokens: segmentTokens, corpus: try folder.corpus(texts), pseudoQueries: 0)
    }

    private func merge(_ parts: [String], _ place: String) -> IndexMerge {
        IndexMerge(parts, destination: place, models: TinySample.models)
    }

    @Test("A merged index answers as one that is built of all") func answers() throws {
        let folder = try TemporaryFolder()
        let (a, b, c, all, merged) = (
            folder.path("a"), folder.path("b"), folder.path("c"), folder.path("all"), folder.path("merged")
        )
        let parts = [texts(0..<40, seed: 1), texts(40..<55, seed: 2), texts(55..<90, seed: 3)]
        try build(parts[0], a, folder)
        try build(parts[1], b, folder, segmentTokens: 60)
        try build(parts[2], c, folder)
        // With what is deleted, and what came later.
        let change = IndexChange(a, models: TinySample.models)
        _ = try change.delete(ids: ["p3", "p17"])
        _ = try change.add(try folder.corpus([("late", "", "bread of the river")]))
        let report = try merge([a, b, c], merged).run()
        #expect(report.passages == 89 && report.manifest?.passages == 89 && report.manifest?.generation == 1)
        #expect(report.kept == ["tokenizer"] && report.outvoted == 0)
        let rest = parts.joined().filter { $0.id != "p3" && $0.id != "p17" }
        try build(Array(rest) + [("late", "", "bread of the river")], all, folder)
        let (own, fresh) = (try TinySample.open(merged), try TinySample.open(all))
        try own.reader.verify(isDeep: true)
        for query in ["bread", "river stone", "loaf of salt water", "oven oven mill"] {
            for retriever: ComponentID in ["bm25", "dense"] {
                var options = SearchOptions()
                options.retrievers = [retriever]
                let found = try [own, fresh].map { engine in
                    Dictionary(
                        uniqueKeysWithValues: try engine.rank(query, hits: 100, options: options).hits.map {
                            ($0.id, $0.score)
                        })
                }
                #expect(Set(found[0].keys) == Set(found[1].keys), "\(retriever) \(query)")
                for (id, score) in found[0] {
                    #expect(abs(score - (found[1][id] ?? 0)) < 1e-5, "\(retriever) \(query) \(id)")
                }
            }
            let counts = try [own, fresh].map { engine in
                let tokens = try engine.reader.value(IndexTokenizer.self).ngrams.tokens(query)
                return try engine.reader.value(IndexNgrams.self).index.count(of: tokens)
            }
            #expect(counts[0] == counts[1], "\(query)")
        }
        for text in rest { #expect(try own.passages(ids: [text.id])[0]?.text == text.text) }
        #expect(try own.passages(ids: ["p3"])[0] == nil)
        // The parts are as they were, and the index lives.
        #expect(try TinySample.open(a).count == 39)
        #expect(try IndexChange(merged, models: TinySample.models).compact(.all).manifest.passages == 89)
    }

    @Test("The same parts give the same bytes") func reproducible() throws {
        let folder = try TemporaryFolder()
        let (a, b) = (folder.path("a"), folder.path("b"))
        try build(texts(0..<5, seed: 1), a, folder)
        try build(texts(5..<9, seed: 2), b, folder)
        for name in ["one", "two"] { _ = try merge([a, b], folder.path(name)).run() }
        #expect(try BuiltIndex.files(of: folder.path("one")) == BuiltIndex.files(of: folder.path("two")))
    }

    @Test("What does not go together is refused, and nothing is written") func refusals() throws {
        let folder = try TemporaryFolder()
        let (a, b, lexical, place) = (folder.path("a"), folder.path("b"), folder.path("lexical"), folder.path("place"))
        try build(texts(0..<5, seed: 1), a, folder)
        try build(texts(4..<9, seed: 2), b, folder)
        var options = IndexOptions()
        (options.encoder, options.pseudoQueries) = (nil, 0)
        _ = try IndexBuilder(
            corpus: try folder.corpus(texts(20..<25, seed: 3)), destination: lexical, options: options
        ).build()
        #expect(throws: IndexingError.passageInTwo(id: "p4", first: a, second: b)) { try merge([a, b], place).run() }
        #expect(throws: IndexingError.notAlike(path: lexical, first: a, what: "tokenizer")) {
            try merge([a, lexical], place).run()
        }
        #expect(throws: (any Error).self) { try merge([a, folder.path("none")], place).run() }
        #expect(throws: IndexingError.destinationTaken(path: b)) { try merge([a, a], b).run() }
        #expect(throws: IndexingError.passageInTwo(id: "p0", first: a, second: a)) { try merge([a, a], place).run() }
        // Another query encoder, other analysis, other files.
        let other = folder.path("other")
        try build(texts(30..<33, seed: 4), other, folder)
        let encoder = try TinySample.otherEncoder(folder.url.appending(path: "encoder"))
        _ = try QueryEncoderPart.set(encoder, in: URL(filePath: other), models: TinySample.models)
        #expect(throws: IndexingError.notAlike(path: other, first: a, what: "query encoder")) {
            try merge([a, other], place).run()
        }
        let plain = folder.path("plain")
        options.encoder = "tiny_bert"
        options.generator = nil
        options.analyzer.foldsPlurals.toggle()
        _ = try IndexBuilder(
            corpus: try folder.corpus(texts(40..<43, seed: 5)), destination: plain, options: options,
            models: TinySample.models
        ).build()
        #expect(throws: IndexingError.notAlike(path: plain, first: a, what: "analysis of terms")) {
            try merge([a, plain], place).run()
        }
        #expect(!FileManager.default.fileExists(atPath: place))
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!left.contains { $0.hasPrefix(".place") })
        // A damaged part is noticed before anything is written.
        let segment = try IndexSnapshot.open(URL(filePath: a)).manifest.segments[0].files.folder
        let file = URL(filePath: a + "/\(segment)/vectors.gnr")
        var bytes = try Data(contentsOf: file)
        bytes[bytes.count - 1] ^= 1
        try bytes.write(to: file)
        #expect(throws: (any Error).self) { try merge([a, other], place).run() }
        #expect(!FileManager.default.fileExists(atPath: place))
    }

    @Test("One of two passages of an id stays where that is said", arguments: IndexMerge.Preference.allCases)
    func preference(preference: IndexMerge.Preference) throws {
        let folder = try TemporaryFolder()
        let (a, b, place) = (folder.path("a"), folder.path("b"), folder.path("place"))
        try build([("x", "", "bread"), ("y", "", "salt")], a, folder)
        try build([("z", "", "water"), ("x", "", "stone")], b, folder)
        // An empty folder is as good as none.
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        var merge = merge([a, b, a], place)
        merge.preference = preference
        merge.isDryRun = true
        #expect(try merge.run().passages == 3 && FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
        merge.isDryRun = false
        let report = try merge.run()
        #expect(report.passages == 3 && report.outvoted == 3 && report.manifest?.passages == 3)
        let engine = try TinySample.open(place)
        try engine.reader.verify(isDeep: true)
        #expect(try engine.passages(ids: ["x"])[0]?.text == "bread")
        // Copies that deleted other passages have a segment in common.
        let copy = folder.path("copy")
        try FileManager.default.copyItem(atPath: a, toPath: copy)
        _ = try IndexChange(a, models: TinySample.models).delete(ids: ["x"])
        _ = try IndexChange(copy, models: TinySample.models).delete(ids: ["y"])
        let twice = folder.path("twice")
        #expect(throws: IndexingError.sharedSegment(path: twice)) {
            try IndexMerge([a, copy], destination: twice, models: TinySample.models).run()
        }
        #expect(!FileManager.default.fileExists(atPath: twice))
    }

    @Test("What holds for all is kept: a generator; a folder that one of them follows") func parts() throws {
        let folder = try TemporaryFolder()
        let (a, b, place) = (folder.path("a"), folder.path("b"), folder.path("place"))
        try build(texts(0..<5, seed: 1), a, folder)
        try FileManager.default.createDirectory(atPath: folder.path("notes"), withIntermediateDirectories: true)
        try Data("Words of a note.".utf8).write(to: URL(filePath: folder.path("notes/n.txt")))
        var sync = FolderSync(b, folder.path("notes"), models: TinySample.models)
        (sync.options.encoder, sync.options.generator, sync.options.pseudoQueries) = ("tiny_bert", nil, 0)
        _ = try sync.run()
        for index in [a, b] { try TinySample.setGenerator(in: index) }
        let report = try merge([a, b], place).run()
        #expect(report.kept == ["generator", "tokenizer", "folder"])
        let parts = try TinySample.open(place).manifest.parts.map(\.kind)
        #expect(parts == ["folder", "generator", "tokenizer"])
        var again = FolderSync(place, folder.path("notes"), models: TinySample.models)
        #expect(try again.run().isSame)
        try Data("Other words.".utf8).write(to: URL(filePath: folder.path("notes/n.txt")))
        again.allowsEmpty = false
        let done = try again.run()
        #expect(done.replaced == 1 && done.others == 5)
    }
}
