import Docids
import Engine
import Foundation
import Indexer
import Learning
import Memory
import Ranking
import Testing
import Training
import Transformers

/// Docids of the sample corpus under the tiny encoder beside the tests: trained, installed, searched.
@Suite struct DocidTrainingTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let models = ModelCache(
        directory: root.appending(path: "Tests/TransformersTests/Fixtures"))
    static let sample = root.appending(path: "corpora/sample").path

    struct Stop: Error {}

    final class Place {
        let root = FileManager.default.temporaryDirectory.appending(path: "genret-docids-\(UUID().uuidString)")

        init() throws { try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true) }
        deinit { try? FileManager.default.removeItem(at: root) }

        func url(_ name: String) -> URL { root.appending(path: name) }
    }

    func index(_ place: Place, name: String = "index", corpus: String = sample, segmentTokens: Int? = nil) throws -> Engine {
        let path = place.url(name).path
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = 0
        var builder = IndexBuilder(corpus: corpus, destination: path, options: options, models: Self.models)
        builder.segmentTokenLimit = segmentTokens
        _ = try builder.build()
        return try open(path)
    }

    func open(_ path: String) throws -> Engine { try Engine.open(path, models: Self.models) }

    func pairs(_ engine: Engine) throws -> QueryPairs {
        var pairs = QueryPairs()
        try pairs.addLabelled(
            queries: Self.sample + "/queries.jsonl", qrels: Self.sample + "/qrels/test.tsv", engine: engine)
        pairs.holdOut(share: 0.2, limit: 100, seed: 1)
        return pairs
    }

    func training(
        _ engine: Engine, _ scheme: DocidScheme = .tree, steps: Int = 12, threads: Int = 2
    ) -> DocidTraining {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 2e-3))
        plan.warmup = 2
        plan.evaluationInterval = 4
        plan.checkpointInterval = 4
        var training = DocidTraining(engine, plan: plan, threads: threads)
        training.layers = 1
        training.options.batch = 16
        training.recipe.scheme = scheme
        (training.recipe.fanout, training.recipe.leafSize) = (4, 8)
        (training.recipe.codewords, training.recipe.levels) = (6, 3)
        return training
    }

    func options(_ kind: DocidKind?, planAhead: Float? = 0, beams: Int = 2000, k: Int = 10) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = [.docid]
        options.docids = kind
        options.docid.beams = beams
        options.planAhead = planAhead
        options.k = k
        return options
    }

    @Test("It learns, the index takes what it wrote, and gives it back", arguments: DocidScheme.anchored)
    func life(scheme: DocidScheme) throws {
        let place = try Place()
        let engine = try index(place)
        let output = place.url("docids")
        var held: [Double] = []
        let report = try training(engine, scheme, steps: 40).run(try pairs(engine), output: output) {
            if let loss = $0.heldOutLoss { held.append(loss) }
        }
        #expect(report.training?.steps == 40 && report.entries > engine.count)
        #expect(report.levels.isEmpty == (scheme == .atomic))
        #expect(try #require(report.training?.bestLoss) < #require(held.first) || held.min() == held.first)
        let comparison = try #require(report.comparison)
        #expect(comparison.planned >= max(comparison.trained, comparison.untrained))
        let described = try DocidInstall.install(output.path, into: engine.path, models: Self.models)
        #expect(described.isTrained == comparison.isBetter && described.entries == report.entries)
        let trained = try open(engine.path)
        #expect(trained.manifest.docids == described)
        try trained.verify()
        let text = "how do I feed a sourdough starter"
        let found = try trained.search(text, options(nil))
        #expect(found.hits.count == 10 && found.diagnostics.invalidDocids == 0)
        #expect(found.diagnostics.docids > 10)
        let presented = try trained.present(text, options(.trained), explaining: true).hits
        let explanation = try #require(presented[0].explanation)
        #expect(explanation.scheme == scheme.rawValue && !explanation.docid.isEmpty)
        #expect(try trained.search(text, options(.untrained)).hits.map(\.score) == engine.search(text, options(nil)).hits.map(\.score))
        #expect(try DocidInstall.remove(from: engine.path))
        #expect(try !DocidInstall.remove(from: engine.path))
        let without = try open(engine.path)
        #expect(throws: EngineError.self) { try without.search(text, options(.trained)) }
        #expect(try without.search(text, options(nil)).hits.map(\.score) == engine.search(text, options(nil)).hits.map(\.score))
        #expect(!FileManager.default.fileExists(atPath: engine.path + "/docids"))
    }

    @Test("Untrained, all beams give the best entry of each passage; planning ahead adds BM25's share", arguments: [nil, 20_000])
    func exact(segmentTokens: Int?) throws {
        let place = try Place()
        let engine = try index(place, segmentTokens: segmentTokens)
        #expect((engine.manifest.segments.count > 1) == (segmentTokens != nil))
        var job = training(engine)
        job.recipe.representations = [.passage, .sentences]
        let report = try job.run(QueryPairs(), output: place.url("docids")) { _ in }
        #expect(report.training == nil && report.comparison == nil)
        try DocidInstall.install(place.url("docids").path, into: engine.path, models: Self.models)
        let installed = try open(engine.path)
        #expect(installed.manifest.docids?.isTrained == false)
        let docids = try #require(try installed.trainedDocids(for: options(.trained)))
        guard case .entries(_, let retriever) = docids.kind else {
            Issue.record("docids of vectors lead to entries")
            return
        }
        let entries = retriever.entries
        #expect(entries.count > 2 * engine.count && entries.passageCount == engine.count)
        for text in ["how do I feed a sourdough starter", "who discovered penicillin"] {
            let query = try installed.queries.encode(text)
            let scores = entries.vectors.products(try #require(query.vector))
            let plan = installed.segments.plan(text, weight: 0.3, .init()).scores
            #expect(plan.allSatisfy { (0...1).contains($0) } && plan.contains { $0 > 0 })
            for weight in [Float(0), 0.3] {
                let expected = (0..<Int32(engine.count)).map { passage -> (Int32, Float) in
                    let best = entries.entries(of: passage).map { scores[$0] }.max() ?? 0
                    return (passage, (1 - weight) * best + weight * (weight > 0 ? plan[Int(passage)] : 0))
                }
                let hits = try installed.search(text, options(.trained, planAhead: weight, k: engine.count)).hits
                #expect(hits.count == engine.count)
                let byPassage = Dictionary(uniqueKeysWithValues: hits.map { ($0.document, $0.score) })
                for (passage, score) in expected { #expect(abs((byPassage[passage] ?? -9) - score) < 1e-5) }
            }
            // What BM25 finds first is what planning ahead alone ranks first.
            var classic = SearchOptions()
            classic.retrievers = [.bm25]
            #expect(
                try installed.search(text, options(.trained, planAhead: 1, beams: 3)).hits.first?.id
                    == installed.search(text, classic).hits.first?.id)
        }
    }

    /// A training of atomic docids whose entries learn; the tiny encoder's vectors leave much to learn.
    @Test("A training that was stopped goes on to the same bytes, on any number of threads") func resumes() throws {
        let place = try Place()
        let engine = try index(place)
        let pairs = try pairs(engine)
        func files(_ name: String) throws -> [Data] {
            try ["model.safetensors", "config.json", "entries.gnr"].map {
                try Data(contentsOf: place.url(name).appending(path: $0))
            }
        }
        _ = try training(engine).run(pairs, output: place.url("whole")) { _ in }
        #expect(throws: Stop.self) {
            try training(engine, threads: 1).run(pairs, output: place.url("parts")) {
                if $0.step == 7 { throw Stop() }
            }
        }
        _ = try training(engine, threads: 3).run(pairs, output: place.url("parts")) { _ in }
        #expect(try files("whole") == files("parts"))
        // Other docids are another training.
        var other = training(engine)
        other.recipe.fanout = 5
        #expect(throws: LearningError.self) {
            try other.run(pairs, output: place.url("parts")) { _ in }
        }
    }

    @Test("Passages that were not there at the training get docids, and those that were keep theirs")
    func grows() throws {
        let place = try Place()
        // Half of the corpus to train on.
        let lines = try String(contentsOfFile: Self.sample + "/corpus.jsonl", encoding: .utf8)
            .split(separator: "\n")
        let half = place.url("half.jsonl")
        try lines.prefix(lines.count / 2).joined(separator: "\n").write(to: half, atomically: true, encoding: .utf8)
        let small = try index(place, name: "small", corpus: half.path)
        let output = place.url("docids")
        _ = try training(small).run(try pairs(small), output: output) { _ in }
        try DocidInstall.install(output.path, into: small.path, models: Self.models)
        let large = try index(place, name: "large")
        try DocidInstall.install(output.path, into: large.path, models: Self.models)
        let (before, after) = (try open(small.path), try open(large.path))
        #expect(after.count > before.count)
        let text = "how do I feed a sourdough starter"
        func scores(_ engine: Engine) throws -> [String: Float] {
            let hits = try engine.search(text, options(.trained, k: engine.count)).hits
            #expect(hits.count == engine.count)
            return Dictionary(uniqueKeysWithValues: hits.map { ($0.id, $0.score) })
        }
        let (old, new) = (try scores(before), try scores(after))
        for (id, score) in old { #expect(abs(try #require(new[id]) - score) < 1e-5) }
        func path(_ engine: Engine, _ id: String) throws -> [Int32] {
            let docids = try #require(try engine.trainedDocids(for: options(.trained)))
            let document = try #require(engine.document(withID: id))
            return docids.path(of: document, try engine.queries.encode(text)).dropLast().map(\.token)
        }
        for id in old.keys.sorted().prefix(20) { #expect(try path(before, id) == path(after, id)) }
    }

    @Test("Weights that do no good are not kept") func fallback() throws {
        let place = try Place()
        let engine = try index(place)
        // A rate that wrecks the network in one step; there is no measurement after which it would be
        // taken back.
        var job = training(engine, steps: 1)
        job.plan.optimiser.learningRate = 30
        job.plan.warmup = 0
        var pairs = QueryPairs()
        try pairs.addLabelled(
            queries: Self.sample + "/queries.jsonl", qrels: Self.sample + "/qrels/test.tsv", engine: engine)
        pairs.holdOut(share: 0.4, limit: 100, seed: 1)
        let report = try job.run(pairs, output: place.url("docids")) { _ in }
        let comparison = try #require(report.comparison)
        let described = try DocidInstall.install(
            place.url("docids").path, into: engine.path, models: Self.models)
        #expect(!comparison.isBetter && !described.isTrained)
    }

    @Test("Docids are written token by token, by passages of this index alone", arguments: DocidScheme.sequential)
    func sequences(scheme: DocidScheme) throws {
        let place = try Place()
        let engine = try index(place, segmentTokens: 20_000)
        let output = place.url("docids")
        var held: [Double] = []
        var job = training(engine, scheme, steps: 60)
        job.recipe = DocidRecipe(scheme: scheme)
        (job.recipe.codewords, job.recipe.levels) = (8, 2)
        let report = try job.run(try pairs(engine), output: output) {
            if let loss = $0.heldOutLoss { held.append(loss) }
        }
        #expect(try #require(report.training?.bestLoss) < #require(held.first) - 0.1)
        let comparison = try #require(report.comparison)
        #expect(report.entries == engine.count && comparison.planned >= comparison.trained)
        let described = try DocidInstall.install(output.path, into: engine.path, models: Self.models)
        #expect(described.isTrained && described.scheme == scheme && described.planAhead == comparison.planAhead)
        let installed = try open(engine.path)
        try installed.verify()
        let text = "how do I feed a sourdough starter"
        let all = try installed.search(text, options(nil, k: engine.count)).hits
        // Every passage has a docid, and enough beams find them all, each by the probability of its own.
        #expect(all.count == engine.count && Set(all.map(\.id)).count == engine.count)
        let docids = try #require(try installed.trainedDocids(for: options(.trained)))
        let query = try installed.queries.encode(text)
        for hit in [all[0], all[all.count / 2], all[all.count - 1]] {
            let logProb = docids.path(of: hit.document, query).reduce(Float(0)) { $0 + $1.logProb }
            #expect(abs(1 / (1 - logProb) - hit.score) < 1e-4)
        }
        // Planning ahead adds BM25's share, and alone it leads even one beam to what BM25 finds.
        let plan = installed.segments.plan(text, weight: 0.5, .init()).scores
        let planned = try installed.search(text, options(nil, planAhead: 0.5, k: engine.count)).hits
        #expect(planned.count == engine.count)
        let alone = Dictionary(uniqueKeysWithValues: all.map { ($0.document, $0.score) })
        for hit in planned {
            #expect(abs(hit.score - 0.5 * (try #require(alone[hit.document]) + plan[Int(hit.document)])) < 1e-4)
        }
        let best = try #require(plan.max())
        let first = try installed.search(text, options(nil, planAhead: 1, beams: 1)).hits.first
        #expect(try plan[Int(#require(first).document)] == best)
        #expect(try !installed.search(text, options(.trained, beams: 4)).hits.isEmpty)
        #expect {
            try training(engine, scheme).run(QueryPairs(), output: place.url("x")) { _ in }
        } throws: { "\($0)".contains("nothing to train on") }
    }

    @Test("Docids written for other passages are refused") func otherPassages() throws {
        let place = try Place()
        let lines = try String(contentsOfFile: Self.sample + "/corpus.jsonl", encoding: .utf8).split(separator: "\n")
        let half = place.url("half.jsonl")
        try lines.prefix(lines.count / 2).joined(separator: "\n").write(to: half, atomically: true, encoding: .utf8)
        let (small, large) = (try index(place, name: "small", corpus: half.path), try index(place, name: "large"))
        _ = try training(small, .naive, steps: 2).run(try pairs(small), output: place.url("docids")) { _ in }
        #expect {
            try DocidInstall.install(place.url("docids").path, into: large.path, models: Self.models)
        } throws: { "\($0)".contains("other passages") }
        #expect(try open(large.path).manifest.docids == nil)
    }

    @Test("Queries that are kept with the index are entries") func queries() throws {
        let place = try Place()
        let engine = try index(place)
        var job = training(engine)
        job.recipe.representations = [.queries]
        job.recipe.makers = ["spans"]
        #expect {
            try job.run(QueryPairs(), output: place.url("docids")) { _ in }
        } throws: { "\($0)".contains("no queries of the maker spans") }
        _ = try QueryBuilder(engine).run(QueryMakers.maker(.spans, for: engine))
        let filled = try open(engine.path)
        let made = try #require(try filled.passageQueries("spans"))
        job = training(filled)
        job.recipe.representations = [.queries]
        job.recipe.makers = ["spans"]
        let report = try job.run(QueryPairs(), output: place.url("docids")) { _ in }
        let bare = (0..<Int32(filled.count)).count { made.places(of: $0).isEmpty }
        #expect(report.entries == made.count + bare)
    }

    @Test("Queries that are entries are not trained on, so that none finds its own copy") func copies() throws {
        let place = try Place()
        let engine = try index(place)
        var options = QueryMakers.Options()
        options.labelled = (queries: Self.sample + "/queries.jsonl", qrels: Self.sample + "/qrels/test.tsv")
        _ = try QueryBuilder(engine).run(QueryMakers.maker(.labelled, for: engine, options))
        let filled = try open(engine.path)
        var job = training(filled)
        job.recipe.representations = [.queries]
        job.recipe.makers = ["labelled"]
        job.recipe.share = 1
        let report = try job.run(try pairs(filled), output: place.url("docids")) { _ in }
        #expect(report.training == nil && report.comparison == nil)
        // A query that is an entry finds its passage.
        try DocidInstall.install(place.url("docids").path, into: engine.path, models: Self.models)
        let installed = try open(engine.path)
        let made = try #require(try installed.passageQueries("labelled"))
        let item = try made.item(0)
        let document = try installed.search(item.text, self.options(.trained)).hits.first?.document
        #expect((0..<made.count).contains { (try? made.item($0)).map { $0.text == item.text && $0.document == document } ?? false })
    }

    @Test("Damage is refused, and leaves the index as it was") func damage() throws {
        let place = try Place()
        let engine = try index(place)
        let output = place.url("docids")
        _ = try training(engine).run(QueryPairs(), output: output) { _ in }
        let weights = output.appending(path: "model.safetensors")
        let whole = try Data(contentsOf: weights)
        for length in [0, 100, whole.count - 1] {
            try whole.prefix(length).write(to: weights, options: .atomic)
            #expect(throws: IndexingError.self) {
                try DocidInstall.install(output.path, into: engine.path, models: Self.models)
            }
        }
        try whole.write(to: weights, options: .atomic)
        #expect(try open(engine.path).manifest.docids == nil)
        try DocidInstall.install(output.path, into: engine.path, models: Self.models)
        let text = "sourdough"
        for file in ["model.safetensors", "entries.gnr", "config.json"] {
            let url = URL(filePath: engine.path).appending(path: "docids/" + file)
            let bytes = try Data(contentsOf: url)
            for length in [0, bytes.count / 3, bytes.count - 1] {
                try bytes.prefix(length).write(to: url, options: .atomic)
                let damaged = try open(engine.path)
                guard file == "config.json", length == bytes.count - 1 else {
                    #expect(throws: EngineError.self) { try damaged.search(text, options(.trained)) }
                    continue
                }
            }
            try bytes.write(to: url, options: .atomic)
        }
        _ = try open(engine.path).search(text, options(.trained))
    }
}
