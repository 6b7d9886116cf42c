import Corpora
import Engine
import FMIndex
import Fields
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
        var number: Int?
        var tags: [String] = []

        /// As an answer has them.
        var fields: JSONTree? {
            var members: [String: JSONTree] = [:]
            members["number"] = number.map { .integer(Int64($0)) }
            if !tags.isEmpty { members["tags"] = .array(tags.map { .string($0) }) }
            return members.isEmpty ? nil : .object(members)
        }

        func passage(_ id: String) throws -> Passage {
            Passage(
                id: id, title: title, text: text,
                fields: String(decoding: try fields.map { try JSONEncoder().encode($0) } ?? Data(), as: UTF8.self))
        }
    }

    /// A filter with what it means.
    private struct Filter {
        let filter: FieldFilter
        let passes: (Text) -> Bool

        init(_ text: String, _ passes: @escaping (Text) -> Bool) throws {
            filter = try FieldFilter(text)
            self.passes = passes
        }

        static func random(_ random: inout SeededGenerator) throws -> Filter {
            let number = random.below(6)
            let tag = ["a", "b", "c"][random.below(3)]
            return switch random.below(5) {
            case 0: try Filter("number = \(number)") { $0.number == number }
            case 1:
                try Filter("number >= \(number) or tags = \(tag)") {
                    ($0.number ?? -1) >= number || $0.tags.contains(tag)
                }
            case 2: try Filter("tags in (\(tag), d)") { $0.tags.contains(tag) }
            case 3:
                try Filter("tags != \(tag) and number < \(number)") {
                    !$0.tags.contains(tag) && ($0.number ?? 9) < number
                }
            default: try Filter("not (number is null)") { $0.number != nil }
            }
        }
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
        let name = try folder.corpus(try passages.keys.sorted().compactMap { try passages[$0]?.passage($0) })
        _ = try IndexBuilder(corpus: name, destination: place, options: options, models: TinySample.models).build()
    }

    private mutating func newID() -> String { "p\(random.below(random.below(2) == 0 ? 4 : 60))" }

    private mutating func newText() -> Text {
        var own: [String] = []
        let number = random.below(3) == 0 ? nil : random.below(6)
        let tags = ["a", "b", "c"].filter { _ in random.below(3) == 0 }
        if random.below(4) == 0 { return Text(title: "bread", text: "salt water", number: number, tags: tags) }
        for _ in 0...random.below(9) { own.append(Self.words[random.below(Self.words.count)]) }
        return Text(
            title: random.below(3) == 0 ? "" : Self.words[random.below(Self.words.count)],
            text: own.joined(separator: " "), number: number, tags: tags)
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
        case 6:
            let filter = try Filter.random(&random)
            // A field that nobody has is an error.
            guard
                filter.filter.names.isSubset(of: try Engine.open(index, models: TinySample.models).reader.fieldNames())
            else { return }
            let gone = passages.filter { filter.passes($0.value) }.map(\.key)
            steps.append("delete where \(filter.filter)")
            #expect(try change.delete(where: filter.filter).deleted == gone.count, "\(steps)")
            for id in gone { passages[id] = nil }
        case 7...8:
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
        try folder.corpus(try passages.keys.sorted().compactMap { try passages[$0]?.passage($0) })
    }

    /// Compares every retriever with an index that is built of what should be there.
    func check(queries count: Int) throws {
        var random = SeededGenerator(seed: UInt64(steps.count))
        let own = try Engine.open(index, models: TinySample.models)
        #expect(own.count == passages.count, "\(steps)")
        for (id, text) in passages {
            let found = try own.passages(ids: [id])[0]
            #expect(found?.title == text.title && found?.text == text.text, "\(id) after \(steps)")
            let place = try own.reader.passage(withID: id)
            #expect(try place.flatMap { try own.reader.fields(of: $0) } == text.fields, "\(id) after \(steps)")
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
            try compareFiltered(query, try Filter.random(&random), own, fresh)
            if encoder != nil {
                var options = SearchOptions()
                options.retrievers = ["docid"]
                let found = try own.rank(query, hits: 100, options: options)
                #expect(Set(found.hits.map(\.id)) == Set(passages.keys), "docids after \(steps)")
            }
        }
    }

    /// Every retriever finds what passes, with the scores that it has without the filter, and all of it.
    private func compareFiltered(_ query: String, _ filter: Filter, _ own: Engine, _ fresh: Engine) throws {
        guard filter.filter.names.isSubset(of: try fresh.reader.fieldNames()) else { return }
        let passing = Set(passages.filter { filter.passes($0.value) }.map(\.key))
        var options = SearchOptions()
        for retriever: ComponentID in encoder == nil ? ["bm25", "ngram"] : ["bm25", "ngram", "dense", "docid"] {
            options.retrievers = [retriever]
            let found = try own.rank(query, hits: 100, options: options, filter: filter.filter)
            let what: Comment = "\(retriever) \(query) where \(filter.filter) after \(steps)"
            #expect(passing.isSuperset(of: found.hits.map(\.id)), what)
            switch retriever {
            case "docid": #expect(found.hits.count == passing.count, what)
            case "ngram":
                for item in try fresh.rank(query, hits: 100, options: options, filter: filter.filter).hits {
                    #expect(found.hits.contains { $0.id == item.id } || !holdsQuery(query, item.id), what)
                }
            default:
                let all = scores(try own.rank(query, hits: 100, options: options)).filter { passing.contains($0.key) }
                #expect(scores(found) == all, what)
                try compare(query, retriever, own, fresh, filter.filter)
            }
        }
    }

    /// Whether a passage has a word of the query: every generator then has a key for it.
    private func holdsQuery(_ query: String, _ id: String) -> Bool {
        let words = Set((passages[id].map { $0.title + " " + $0.text } ?? "").split(separator: " "))
        return !words.isDisjoint(with: query.split(separator: " "))
    }

    private func compare(
        _ query: String, _ retriever: ComponentID, _ own: Engine, _ fresh: Engine, _ filter: FieldFilter? = nil
    ) throws {
        var options = SearchOptions()
        options.retrievers = [retriever]
        let (a, b) = (
            try own.rank(query, hits: 100, options: options, filter: filter),
            try fresh.rank(query, hits: 100, options: options, filter: filter)
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
        for key in keys.joined() where key.kind != .title && key.kind != .terms {
            #expect(key.count > 0, "\(key.text) after \(steps)")
        }
    }
}

extension SeededGenerator {
    fileprivate mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }
}
