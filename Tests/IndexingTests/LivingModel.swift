import Engine
import FMIndex
import Foundation
import IndexStore
import Indexing
import Memory
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing

/// An index that is changed at random, beside a dictionary of the passages that it should have.
struct LivingModel {
    struct Text: Equatable {
        var title: String
        var text: String
    }

    let index: String
    /// Nil for the tiny encoder of the tests.
    let encoder: String?
    private let folder: TemporaryFolder
    private var passages: [String: Text] = [:]
    private var random: SeededGenerator
    private(set) var steps: [String] = []
    private var files = 0

    private static let words = [
        "bread", "salt", "water", "flour", "oven", "stone", "river", "mill", "wheel", "grain", "baker", "loaf", "yeast",
        "dough", "table", "winter", "summer", "field",
    ]

    /// Builds the first index.
    init(seed: UInt64, encoder: String?) throws {
        folder = try TemporaryFolder()
        index = folder.path("index")
        self.encoder = encoder
        random = SeededGenerator(seed: seed)
        // Every word is in the vocabulary of an index without an encoder, whatever is deleted of it later.
        passages["all"] = Text(title: "words", text: Self.words.joined(separator: " "))
        for _ in 0..<random.below(6) { passages[newID()] = newText() }
        try build(at: index)
    }

    private func build(at place: String) throws {
        var options = IndexOptions()
        options.encoder = encoder
        options.generator = nil
        options.pseudoQueries = 0
        options.quantiserLevels = 2
        options.fanout = 2
        options.leafSize = 2
        let corpus = passages.keys.sorted().map {
            (id: $0, title: passages[$0]?.title ?? "", text: passages[$0]?.text ?? "")
        }
        let name = try folder.corpus(corpus)
        _ = try IndexBuilder(corpus: name, destination: place, options: options, models: TinySample.models).build()
    }

    private mutating func newID() -> String { "p\(random.below(random.below(2) == 0 ? 4 : 60))" }

    private mutating func newText() -> Text {
        var own: [String] = []
        if random.below(4) == 0 { return Text(title: "bread", text: "salt water") }
        for _ in 0...random.below(9) { own.append(Self.words[random.below(Self.words.count)]) }
        return Text(
            title: random.below(3) == 0 ? "" : Self.words[random.below(Self.words.count)],
            text: own.joined(separator: " "))
    }

    private var change: IndexChange {
        var change = IndexChange(index, models: TinySample.models)
        change.segmentTokenLimit = 40
        return change
    }

    /// One change, of a kind chosen at random.
    mutating func step() throws {
        switch random.below(10) {
        case 0...3:
            let fresh = chosen(1 + random.below(5), onlyNew: true)
            guard !fresh.isEmpty else { return }
            steps.append("add \(fresh.keys.sorted())")
            #expect(try change.add(file(fresh)).added == fresh.count)
            passages.merge(fresh) { $1 }
        case 4...5:
            let some = chosen(1 + random.below(4), onlyNew: false)
            steps.append("update \(some.keys.sorted())")
            let replaced = some.keys.count { passages[$0] != nil }
            let report = try change.add(file(some), replaces: true)
            #expect(report.replaced == replaced && report.added == some.count - replaced)
            passages.merge(some) { $1 }
        case 6...8:
            let all = passages.keys.sorted()
            var gone: Set<String> = []
            let most = random.below(8) == 0 ? 4 * all.count : 1 + random.below(4)
            for _ in 0..<(all.isEmpty ? 0 : most) { gone.insert(all[random.below(all.count)]) }
            steps.append("delete \(gone.sorted())")
            #expect(try change.delete(ids: gone.sorted()).deleted == gone.count)
            for id in gone { passages[id] = nil }
        default:
            let policy: CompactionPolicy = random.below(2) == 0 ? .all : .worthwhile
            steps.append("compact \(policy)")
            _ = try change.compact(policy)
        }
    }

    private mutating func chosen(_ count: Int, onlyNew: Bool) -> [String: Text] {
        var some: [String: Text] = [:]
        for _ in 0..<count {
            let id = newID()
            if !onlyNew || passages[id] == nil { some[id] = newText() }
        }
        return some
    }

    private mutating func file(_ passages: [String: Text]) throws -> String {
        try folder.corpus(passages.keys.sorted().map { ($0, passages[$0]?.title ?? "", passages[$0]?.text ?? "") })
    }

    /// Compares every retriever with an index that is built of what should be there.
    func check(queries count: Int) throws {
        var random = SeededGenerator(seed: UInt64(steps.count))
        let own = try Engine.open(index, models: TinySample.models)
        #expect(own.count == passages.count, "\(steps)")
        for (id, text) in passages {
            let found = try own.passages(ids: [id])[0]
            #expect(found.map { Text(title: $0.title, text: $0.text) } == text, "\(id) after \(steps)")
        }
        #expect(try own.passages(ids: ["p60", "missing"]).allSatisfy { $0 == nil })
        guard !passages.isEmpty else {
            // Nothing can be found, and nothing fails.
            #expect(try own.rank("bread").hits.isEmpty)
            return
        }
        let place = folder.path("fresh")
        try? FileManager.default.removeItem(atPath: place)
        try build(at: place)
        let fresh = try Engine.open(place, models: TinySample.models)
        for _ in 0..<count {
            let query = (0...random.below(3)).map { _ in Self.words[random.below(Self.words.count)] }.joined(
                separator: " ")
            for retriever: ComponentID in encoder == nil ? ["bm25"] : ["bm25", "dense"] {
                try compare(query, retriever, own, fresh)
            }
            try compareKeys(query, own, fresh)
            if encoder != nil {
                var options = SearchOptions()
                options.retrievers = ["docid"]
                let found = try own.rank(query, hits: 100, options: options)
                #expect(Set(found.hits.map(\.id)) == Set(passages.keys), "docids after \(steps)")
            }
        }
    }

    private func compare(_ query: String, _ retriever: ComponentID, _ own: Engine, _ fresh: Engine) throws {
        var options = SearchOptions()
        options.retrievers = [retriever]
        let (a, b) = (
            try own.rank(query, hits: 100, options: options), try fresh.rank(query, hits: 100, options: options)
        )
        let (mine, theirs) = (scores(a), scores(b))
        #expect(mine.keys == theirs.keys || Set(mine.keys) == Set(theirs.keys), "\(retriever) \(query) after \(steps)")
        for (id, score) in mine {
            #expect(abs(score - (theirs[id] ?? .nan)) < 1e-5, "\(retriever) \(query) \(id) after \(steps)")
        }
        #expect(abs(a.lists[0].ceiling - b.lists[0].ceiling) < 1e-4, "\(retriever) \(query) after \(steps)")
    }

    private func scores(_ result: RankedResult) -> [String: Float] {
        Dictionary(uniqueKeysWithValues: result.hits.map { ($0.id, $0.score) })
    }

    /// Counts of sequences that stand in some passage, and the keys of a search.
    private func compareKeys(_ query: String, _ own: Engine, _ fresh: Engine) throws {
        let (mine, theirs) = (
            try own.reader.value(IndexNgrams.self).index, try fresh.reader.value(IndexNgrams.self).index
        )
        let (a, b) = (
            try own.reader.value(IndexTokenizer.self).ngrams, try fresh.reader.value(IndexTokenizer.self).ngrams
        )
        #expect(mine.count(of: a.tokens(query)) == theirs.count(of: b.tokens(query)), "\(query) after \(steps)")
        for word in Self.words {
            #expect(mine.count(of: a.tokens(word)) == theirs.count(of: b.tokens(word)), "\(word) after \(steps)")
        }
        var options = SearchOptions()
        options.retrievers = ["ngram"]
        let found = try own.rank(query, hits: 100, options: options)
        #expect(found.hits.allSatisfy { passages[$0.id] != nil }, "a deleted passage after \(steps)")
        guard let evidence = found.lists[0].evidence else { return }
        let keys = try evidence.details(of: found.hits.map(\.candidate.passage)).compactMap {
            try $0?.decoded(as: [GeneratedKey].self)
        }
        for key in keys.joined() where key.kind != .title {
            #expect(key.count > 0, "\(key.text) after \(steps)")
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
