import Corpora
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
import Transformers

/// Feedback in searches of whole indexes.
@Suite struct FeedbackTests {
    private static let all = Registry.standard.feedback.map { $0.id }
    private static let text = "how do I feed a sourdough starter"

    private func options(_ methods: [ComponentID], _ retrievers: [ComponentID]? = nil) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = retrievers
        options.feedback = FeedbackOptions(methods: methods)
        return options
    }

    /// The tiny index with a generator that likelihoods are asked of.
    private func tiny(_ folder: TemporaryFolder, segmentTokens: Int? = nil, threads: Int = 1) throws -> Engine {
        let place = folder.path("index")
        if !FileManager.default.fileExists(atPath: place) {
            try TinySample.build(at: place, segmentTokens: segmentTokens)
            try TinySample.setGenerator(in: place)
        }
        return try Engine.open(place, models: TinySample.models, precision: .float32, threads: threads)
    }

    // MARK: Against literal formulas

    /// The terms of a passage that are neither frequent nor of a single letter.
    private struct LiteralTerms {
        let texts: [PassageText]
        let counts: [[String: Int]]

        init(_ engine: Engine) throws {
            texts = try (0..<engine.count).map { try engine.passage(PassageIndex($0)) }
            counts = texts.map { text in
                let terms = TermAnalyzer().terms(of: text.title) + TermAnalyzer().terms(of: text.text)
                return Dictionary(terms.map { ($0, 1) }, uniquingKeysWith: +)
            }
        }

        func telling(_ passage: Int) -> [String: Int] {
            counts[passage].filter { term, _ in
                (2...20).contains(term.count) && counts.count { $0[term] != nil } * 10 <= counts.count
            }
        }

        func cut(_ weights: [String: Double], _ count: Int) -> [String: Double] {
            let order = weights.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            return Dictionary(uniqueKeysWithValues: order.prefix(count).map { ($0.key, $0.value) })
        }
    }

    @Test("RM3 and Rocchio change terms as their formulas do", arguments: ["rm3", "rocchio"] as [ComponentID])
    func terms(method: ComponentID) throws {
        let engine = try Sample.lexical.get().engine
        let literal = try LiteralTerms(engine)
        for query in try Sample.queries().prefix(12) {
            let first = try engine.rank(query.text, hits: 50, options: options([], ["bm25"])).lists[0].passages.prefix(
                5)
            var own = options([method], ["bm25"])
            own.feedback?.depth = 5
            own.feedback?.terms = 7
            let answer = try engine.rank(query.text, hits: 20, options: own)
            let terms = TermAnalyzer().terms(of: query.text)
            var expected: [String: Double] = [:]
            if method == "rm3" {
                var model: [String: Double] = [:]
                for item in first {
                    let part = literal.cut(literal.telling(item.passage.place).mapValues(Double.init), 7)
                    let length = part.values.reduce(0, +)
                    for (term, count) in part { model[term, default: 0] += count / length * Double(item.score) }
                }
                model = literal.cut(model, 7)
                let total = model.values.reduce(0, +)
                for term in terms { expected[term, default: 0] += 0.5 }
                for (term, value) in model { expected[term, default: 0] += 0.5 * Double(terms.count) * value / total }
            } else {
                var mean: [String: Double] = [:]
                for item in first {
                    let part = literal.telling(item.passage.place)
                    let length = Double(part.values.reduce(0) { $0 + $1 * $1 }).squareRoot()
                    for (term, count) in part { mean[term, default: 0] += Double(count) / length / 5 }
                }
                mean = literal.cut(mean, 7)
                let length = mean.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
                for term in terms { expected[term, default: 0] += 4.0 / 7 }
                let counts = Dictionary(terms.map { ($0, 1) }, uniquingKeysWith: +)
                let own = Double(counts.values.reduce(0) { $0 + $1 * $1 }).squareRoot()
                for (term, value) in mean { expected[term, default: 0] += 3.0 / 7 * own * value / length }
            }
            let report = try #require(answer.feedback.first)
            let found = try #require(report.terms?.terms)
            #expect(report.relevant == first.map(\.passage))
            #expect(Set(found.map(\.term)) == Set(expected.keys), "\(query.text)")
            for item in found { #expect(abs(Double(item.weight) - (expected[item.term] ?? 9)) < 1e-4, "\(item.term)") }
        }
    }

    @Test("Vectors move to the mean of the query and the first passages") func vectors() throws {
        let folder = try TemporaryFolder()
        let engine = try tiny(folder)
        let index = try #require(try engine.reader.components(DenseIndex.self).first)
        func vector(_ passage: PassageIndex) -> [Float] {
            index.withVectors(passage.place..<passage.place + 1) {
                Array(UnsafeBufferPointer(start: $0, count: index.dimension))
            }
        }
        for (method, own, depth) in [("vector", Float(0.25), 3), ("vector-rocchio", 0.9, 3)]
            as [(ComponentID, Float, Int)]
        {
            let plain = try engine.rank(Self.text, options: options([], ["dense"]))
            let query = try #require(plain.query.vector)
            var moved = query.map { own * $0 }
            for item in plain.lists[0].passages.prefix(depth) {
                for (place, value) in vector(item.passage).enumerated() {
                    moved[place] += (1 - own) / Float(depth) * value
                }
            }
            let length = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let changed = try engine.rank(Self.text, options: options([method], ["dense"]))
            for hit in changed.hits {
                let cosine = zip(vector(hit.candidate.passage), moved).reduce(0) { $0 + $1.0 * $1.1 } / length
                #expect(abs(hit.score - cosine) < 2e-3, "\(method)")
            }
            let similarity = zip(query, moved).reduce(0) { $0 + $1.0 * $1.1 } / length
            #expect(abs((changed.feedback.first?.similarity ?? 9) - similarity) < 1e-3)
        }
    }

    // MARK: What must hold for all

    @Test("A query that weighs 1 is answered as it was asked", arguments: all) func untouched(method: ComponentID)
        throws
    {
        let folder = try TemporaryFolder()
        let engine = try tiny(folder)
        for query in try Sample.queries().prefix(5) {
            var own = options([method])
            own.rerank = 6
            own.rerankWeights = ["likelihood": 0.3]
            own.feedback?.weight = 1
            var without = own
            without.feedback = FeedbackOptions.none
            let (a, b) = (try engine.rank(query.text, options: own), try engine.rank(query.text, options: without))
            #expect(a.hits.map(\.id) == b.hits.map(\.id) && a.hits.map(\.score) == b.hits.map(\.score))
            #expect(a.feedback.isEmpty)
        }
    }

    @Test("Answers do not depend on threads, and several segments answer", arguments: all)
    func threads(method: ComponentID) throws {
        let folder = try TemporaryFolder()
        var own = options([method])
        own.rerank = 6
        own.rerankWeights = ["likelihood": 0.3]
        own.feedback?.filter = method == "refit" ? nil : true
        let results = try [1, 3].map { threads in
            try tiny(folder, segmentTokens: 20_000, threads: threads).rank(Self.text, options: own)
        }
        #expect(results[0].hits.map(\.id) == results[1].hits.map(\.id))
        #expect(results[0].hits.map(\.score) == results[1].hits.map(\.score))
        #expect(results[0].feedback == results[1].feedback && results[0].feedback.count == 1)
        #expect(results[0].feedback[0].method == method)
    }

    @Test("Terms are the same however the corpus is cut") func segments() throws {
        let reports = try [nil, 20_000].map { limit in
            let folder = try TemporaryFolder()
            return try tiny(folder, segmentTokens: limit).rank(Self.text, options: options(["rm3"], ["bm25"])).feedback
        }
        #expect(reports[0] == reports[1])
    }

    @Test(
        "One passage, passages without terms and queries without answers change nothing", arguments: ["rm3", "rocchio"])
    func small(method: ComponentID) throws {
        for texts in [["a b c"], ["the of", "and", "!"], ["wing flow", "wing", "tail"]] {
            let folder = try TemporaryFolder()
            let corpus = try folder.corpus(texts.enumerated().map { ("\($0)", "", $1) })
            var build = IndexOptions()
            build.encoder = nil
            build.generator = nil
            _ = try IndexBuilder(corpus: corpus, destination: folder.path("index"), options: build).build()
            let engine = try Engine.open(folder.path("index"))
            for query in ["wing", "zebra", "the", "b"] {
                // In so few passages every term is frequent.
                let own = try engine.rank(query, options: options([method], ["bm25"]))
                let plain = try engine.rank(query, options: options([], ["bm25"]))
                #expect(own.feedback.isEmpty && own.hits.map(\.score) == plain.hits.map(\.score))
            }
        }
    }

    @Test("One for terms and one for the vector change a query together, and the parts sum to the scores")
    func together() throws {
        let folder = try TemporaryFolder()
        let engine = try tiny(folder)
        let response = try engine.explained(Self.text, options(["rm3", "vector"]))
        let feedback = try #require(response.feedback)
        #expect(feedback.map(\.method) == ["rm3", "vector"] && response.timings["feedback"] != nil)
        let terms = try #require(feedback[0].terms)
        #expect(terms.count > 4 && feedback[0].similarity == nil && feedback[1].terms == nil)
        for candidate in response.candidates {
            let explanation = try #require(candidate.explanation)
            #expect(abs(explanation.score.parts.reduce(0) { $0 + $1.contribution } - candidate.score) < 1e-4)
            let own = explanation.detail("terms", as: [TermPart].self) ?? []
            #expect(own.allSatisfy { part in part.weight == terms.first { $0.term == part.term }?.weight })
            let sum = own.reduce(0) { $0 + $1.contribution }
            #expect(abs(sum - (candidate.retrievers?["bm25"]?.score ?? 0)) < 1e-4)
        }
        let again = try JSONDecoder().decode(SearchResponse.self, from: JSONEncoder().encode(response))
        #expect(again.feedback == response.feedback)
        #expect(try engine.search(Self.text).feedback == nil)
    }

    // MARK: A person's judgements

    @Test("What a person finds relevant comes up, and what is irrelevant goes down") func judged() throws {
        let folder = try TemporaryFolder()
        let engine = try tiny(folder)
        for retriever in ["bm25", "dense"] as [ComponentID] {
            let plain = try engine.rank(Self.text, hits: 210, options: options([], [retriever]))
            let (last, first) = (plain.hits[min(9, plain.hits.count - 1)], plain.hits[0])
            var own = SearchOptions(retriever)
            own.feedback = FeedbackOptions()
            own.feedback?.relevant = [last.id]
            own.feedback?.irrelevant = [first.id]
            let changed = try engine.rank(Self.text, hits: 210, options: own)
            let rank = { (id: String) in changed.hits.first { $0.id == id }?.rank ?? 999 }
            #expect(rank(last.id) < last.rank && rank(first.id) > rank(last.id), "\(retriever)")
            #expect(changed.feedback.map(\.method) == [retriever == "bm25" ? "rocchio" : "vector-rocchio"])
            #expect(changed.feedback[0].irrelevant == [first.candidate.passage])
        }
        var both = SearchOptions()
        both.feedback = FeedbackOptions()
        both.feedback?.relevant = [try engine.rank(Self.text).hits[3].id]
        #expect(try engine.rank(Self.text, options: both).feedback.map(\.method) == ["rocchio", "vector-rocchio"])
    }

    // MARK: What cannot be

    @Test("What cannot run says why") func faults() throws {
        let lexical = try Sample.lexical.get().engine
        func fault(_ engine: Engine, _ options: SearchOptions) -> EngineError? {
            do throws(EngineError) { _ = try engine.rank("bread", options: options) } catch { return error }
            return nil
        }
        #expect(
            fault(lexical, options(["vector"])) == .unavailable(["vector"], because: .noEncoder(index: lexical.path)))
        // SEAL's scores have no terms below them.
        var seal = options(["rm3"], ["ngram"])
        seal[NgramRetriever.self].search.scoring = .seal
        #expect(fault(lexical, seal) == .unavailable(["rm3"], because: .nothingReads(.terms)))
        seal.feedback = FeedbackOptions()
        seal.feedback?.relevant = [try lexical.rank("bread").hits[0].id]
        #expect(
            fault(lexical, seal)
                == .unavailable(["rocchio", "vector-rocchio"], because: .nothingReads([.terms, .vector])))
        // What a person says is not lost in silence.
        seal.feedback?.methods = []
        guard case .option(let silent)? = fault(lexical, seal) else {
            Issue.record("judgements without a method")
            return
        }
        #expect(silent.member == "feedback.methods")
        guard case .option(let unknown)? = fault(lexical, options(["rm4"])) else {
            Issue.record("a name that does not exist")
            return
        }
        #expect(unknown.member == "feedback.methods" && unknown.expected.contains("rm3, rocchio"))
        guard case .option? = fault(lexical, options(["rm3", "rocchio"])) else {
            Issue.record("two methods for the terms")
            return
        }
        var own = options(["rm3"])
        own.feedback?.filter = true
        guard case .unavailable(["rm3"], because: .cannotRerank)? = fault(lexical, own) else {
            Issue.record("a filter without rerankers")
            return
        }
        own.feedback?.filter = nil
        own.feedback?.relevant = ["nobody"]
        #expect(fault(lexical, own) == .noPassage(id: "nobody"))
        own.feedback?.irrelevant = ["somebody"]
        guard case .option(let irrelevant)? = fault(lexical, own) else {
            Issue.record("irrelevant passages that nobody reads")
            return
        }
        #expect(irrelevant.member == "feedback.irrelevant")
    }

    @Test("Options in JSON") func json() throws {
        func request(_ text: String) throws -> SearchRequest {
            try JSONDecoder().decode(
                SearchRequest.self, from: Data("{\"query\":\"b\",\"options\":{\"feedback\":\(text)}}".utf8))
        }
        let own = try request("{\"methods\":[\"rm3\"],\"depth\":4,\"weight\":0.25,\"relevant\":[\"a\"]}")
        var expected = FeedbackOptions(methods: ["rm3"])
        (expected.depth, expected.weight, expected.relevant) = (4, 0.25, ["a"])
        #expect(own.options.feedback == expected)
        #expect(try JSONDecoder().decode(SearchRequest.self, from: JSONEncoder().encode(own)) == own)
        #expect(try request("null").options.feedback == nil && request("{}").options.feedback == FeedbackOptions())
        #expect(throws: OptionFault.self) { try request("3") }
        #expect(throws: OptionFault.self) { try request("{\"depht\":4}") }
        for (text, member) in [
            ("{\"depth\":0}", "feedback.depth"), ("{\"terms\":0}", "feedback.terms"),
            ("{\"weight\":2}", "feedback.weight"),
            ("{\"relevant\":[\"a\"],\"irrelevant\":[\"a\"]}", "feedback.irrelevant"),
        ] { #expect(try request(text).fault(.network)?.member == member) }
        let many = (0...200).map { "\"\($0)\"" }.joined(separator: ",")
        #expect(try request("{\"relevant\":[\(many)]}").fault(.network)?.member == "feedback.relevant")
        #expect(try request("{\"relevant\":[\(many)]}").fault() == nil)
    }
}
