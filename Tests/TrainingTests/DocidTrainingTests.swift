import Docids
import Engine
import Foundation
import IndexStore
import Indexing
import Learning
import Memory
import Ranking
import SampleIndexes
import Search
import Tensors
import TestSupport
import Testing
import Training
import Transformers

/// Docids of the sample corpus under the tiny encoder beside the tests: trained, installed, searched.
@Suite struct DocidTrainingTests {
    func training(
        _ index: TinyIndex, _ scheme: DocidScheme = .tree, steps: Int = 12, threads: Int = 2
    ) -> DocidTraining {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 2e-3))
        plan.warmup = 2
        plan.evaluationInterval = 4
        plan.checkpointInterval = 4
        var training = DocidTraining(index.reader, plan: plan)
        training.threads = threads
        training.layers = 1
        training.options.batch = 16
        training.recipe.scheme = scheme
        (training.recipe.fanout, training.recipe.leafSize) = (4, 8)
        (training.recipe.codewords, training.recipe.levels) = (6, 3)
        return training
    }

    func options(_ docids: DocidRetriever.Source?, lookAhead: Float? = 0, beams: Int = 2000) -> SearchOptions {
        var options = SearchOptions("docid")
        options[DocidRetriever.self].docids = docids
        options[DocidRetriever.self].beams = beams
        options[DocidRetriever.self].lookAhead = lookAhead
        return options
    }

    /// The docids of an index.
    func docids(_ engine: Engine) throws -> TrainedDocids { try engine.reader.value(IndexDocids.self).docids }

    /// What an index says of its docids; nil where it has none.
    func described(_ engine: Engine) throws -> DocidsPart.Description? {
        try engine.manifest.part(DocidsPart.kind)?.description.decoded(as: DocidsPart.Description.self)
    }

    func lookAhead(_ engine: Engine, _ text: String, _ weight: Float) throws -> [Float] {
        LookAhead(of: text, in: try engine.reader.components(SparseIndex.self), weight: weight).scores
    }

    private static let text = "how do I feed a sourdough starter"

    private func ids(_ hits: [RankedResult.Hit]) -> [PassageIndex: Float] {
        Dictionary(uniqueKeysWithValues: hits.map { ($0.candidate.passage, $0.score) })
    }

    @Test("It learns, the index takes what it wrote, and gives it back", arguments: DocidScheme.anchored)
    func life(scheme: DocidScheme) throws {
        let index = try TinyIndex()
        let engine = index.engine
        let steps = Steps()
        let report = try training(index, scheme, steps: 40).run(
            try index.pairs(), output: index.place("docids"), steps.monitor)
        let held = steps.heldOut
        #expect(report.result?.steps == 40 && report.details.entries > engine.count)
        #expect(report.details.levels.isEmpty == (scheme == .atomic))
        #expect(try #require(report.result?.bestLoss) < #require(held.first) || held.min() == held.first)
        let validation = try #require(report.details.validation)
        #expect(validation.withLookAhead >= max(validation.trained, validation.untrained))
        #expect(report.validation?.isAccepted == validation.isBetter)
        try index.set(DocidsPart.self, "docids")
        let trained = try index.reopened()
        let description = try #require(try described(trained))
        #expect(description.isTrained == validation.isBetter && description.entries == report.details.entries)
        #expect(description.lookAhead == validation.lookAhead)
        try trained.reader.verify()
        let found = try trained.rank(Self.text, options: options(nil))
        #expect(found.hits.count == 10 && found.count("invalidDocids") == 0 && found.notes.isEmpty)
        #expect(found.count("docids") > 10)
        let explained = try trained.explained(Self.text, options(.trained)).candidates
        let path = try #require(explained.first?.explanation?.detail("docid", as: DocidPath.self))
        #expect(path.scheme == scheme.rawValue && !path.levels.isEmpty)
        func scores(_ engine: Engine, _ docids: DocidRetriever.Source?) throws -> [Float] {
            try engine.rank(Self.text, options: options(docids)).hits.map(\.score)
        }
        #expect(try scores(trained, .sentences) == scores(engine, nil))
        #expect(try InstallableParts.remove(DocidsPart.kind, from: index.path))
        #expect(try !InstallableParts.remove(DocidsPart.kind, from: index.path))
        let without = try index.reopened()
        #expect(throws: EngineError.self) { try without.rank(Self.text, options: options(.trained)) }
        #expect(try scores(without, nil) == scores(engine, nil))
        #expect(try described(without) == nil)
    }

    @Test(
        "Untrained, all beams give the best entry of each passage; looking ahead adds BM25's share",
        arguments: [nil, 20_000])
    func exact(segmentTokens: Int?) throws {
        let index = try TinyIndex(segmentTokens: segmentTokens)
        let engine = index.engine
        #expect((engine.manifest.segments.count > 1) == (segmentTokens != nil))
        var job = training(index)
        job.recipe.representations = [.passage, .sentences]
        let report = try job.run(QueryPairs(), output: index.place("docids"), .silent)
        #expect(report.result == nil && report.validation == nil)
        try index.set(DocidsPart.self, "docids")
        let installed = try index.reopened()
        #expect(try described(installed)?.isTrained == false)
        guard case .entries(_, let retriever) = try docids(installed).kind else {
            Issue.record("docids of vectors lead to entries")
            return
        }
        let entries = retriever.entries
        #expect(entries.count > 2 * engine.count && entries.passageCount == engine.count)
        for text in [Self.text, "who discovered penicillin"] {
            let query = try installed.reader.query(text)
            let scores = entries.vectors.products(try #require(query.vector))
            let ahead = try lookAhead(installed, text, 0.3)
            #expect(ahead.allSatisfy { (0...1).contains($0) } && ahead.contains { $0 > 0 })
            for weight in [Float(0), 0.3] {
                let hits = try installed.rank(text, hits: engine.count, options: options(.trained, lookAhead: weight))
                    .hits
                #expect(hits.count == engine.count)
                let byPassage = ids(hits)
                for passage in 0..<engine.count {
                    let best = entries.entries(of: Int32(passage)).map { scores[$0] }.max() ?? 0
                    let score = (1 - weight) * best + weight * (weight > 0 ? ahead[passage] : 0)
                    #expect(abs((byPassage[PassageIndex(passage)] ?? -9) - score) < 1e-5)
                }
            }
            // What BM25 finds first is what looking ahead alone ranks first.
            let first = try installed.rank(text, options: options(.trained, lookAhead: 1, beams: 3)).hits.first?.id
            #expect(try first == installed.rank(text, options: SearchOptions("bm25")).hits.first?.id)
        }
    }

    @Test("A training that was stopped goes on to the same bytes, on any number of threads") func resumes() throws {
        let index = try TinyIndex()
        let pairs = try index.pairs()
        func files(_ name: String) throws -> [Data] {
            try ["model.safetensors", "config.json", "entries.gnr"].map {
                try Data(contentsOf: index.place(name).appending(path: $0))
            }
        }
        _ = try training(index).run(pairs, output: index.place("whole"), .silent)
        #expect(throws: Cancelled.self) {
            try training(index, threads: 1).run(pairs, output: index.place("parts"), Steps(endingAfter: 7).monitor)
        }
        _ = try training(index, threads: 3).run(pairs, output: index.place("parts"), .silent)
        let areEqual = try files("whole") == files("parts")
        #expect(areEqual)
        // Other docids are another training.
        var other = training(index)
        other.recipe.fanout = 5
        #expect(throws: LearningError.self) {
            try other.run(pairs, output: index.place("parts"), .silent)
        }
    }

    @Test("Passages that were not there at the training get docids, and those that were keep theirs")
    func grows() throws {
        let large = try TinyIndex()
        // Half of the corpus to train on.
        let small = try TinyIndex(corpus: try large.halfCorpus())
        _ = try training(small).run(try small.pairs(), output: small.place("docids"), .silent)
        try small.set(DocidsPart.self, "docids")
        _ = try DocidsPart.set(small.place("docids"), in: large.path, models: TinyIndex.models)
        let (before, after) = (try small.reopened(), try large.reopened())
        #expect(after.count > before.count)
        func scores(_ engine: Engine) throws -> [String: Float] {
            let hits = try engine.rank(Self.text, hits: engine.count, options: options(.trained)).hits
            #expect(hits.count == engine.count)
            return Dictionary(uniqueKeysWithValues: hits.map { ($0.id, $0.score) })
        }
        let (old, new) = (try scores(before), try scores(after))
        for (id, score) in old { #expect(abs(try #require(new[id]) - score) < 1e-5) }
        func path(_ engine: Engine, _ id: String) throws -> [Int32] {
            let passage = try #require(try engine.reader.passage(withID: id))
            return try docids(engine).paths(of: [passage], engine.reader.query(Self.text))[0].dropLast().map(\.token)
        }
        for id in old.keys.sorted().prefix(20) { #expect(try path(before, id) == path(after, id)) }
    }

    @Test("Weights that do no good are not kept") func fallback() throws {
        let index = try TinyIndex()
        // A rate that wrecks the network in one step; there is no measurement after which it would be
        // taken back.
        var job = training(index, steps: 1)
        job.plan.optimiser.learningRate = 30
        job.plan.warmup = 0
        let report = try job.run(try index.pairs(heldOut: 0.4), output: index.place("docids"), .silent)
        let validation = try #require(report.details.validation)
        try index.set(DocidsPart.self, "docids")
        let isTrained = try described(index.reopened())?.isTrained
        #expect(!validation.isBetter && isTrained == false)
    }

    @Test("Docids are written token by token, by passages of this index alone", arguments: DocidScheme.sequential)
    func sequences(scheme: DocidScheme) throws {
        let index = try TinyIndex(segmentTokens: 20_000)
        let engine = index.engine
        var job = training(index, scheme, steps: 60)
        job.recipe = DocidRecipe(scheme: scheme)
        (job.recipe.codewords, job.recipe.levels) = (8, 2)
        let steps = Steps()
        let report = try job.run(try index.pairs(), output: index.place("docids"), steps.monitor)
        #expect(try #require(report.result?.bestLoss) < #require(steps.heldOut.first) - 0.1)
        let validation = try #require(report.details.validation)
        #expect(report.details.entries == engine.count && validation.withLookAhead >= validation.trained)
        try index.set(DocidsPart.self, "docids")
        let installed = try index.reopened()
        let description = try #require(try described(installed))
        #expect(description.isTrained && description.scheme == scheme && description.lookAhead == validation.lookAhead)
        try installed.reader.verify()
        let text = Self.text
        let all = try installed.rank(text, hits: engine.count, options: options(nil)).hits
        // Every passage has a docid, and enough beams find them all, each by the probability of its own.
        #expect(all.count == engine.count && Set(all.map(\.id)).count == engine.count)
        let docids = try docids(installed)
        let query = try installed.reader.query(text)
        for hit in [all[0], all[all.count / 2], all[all.count - 1]] {
            let path = try docids.paths(of: [hit.candidate.passage], query)[0]
            let logProb = path.reduce(Float(0)) { $0 + $1.logProb }
            #expect(abs(1 / (1 - logProb) - hit.score) < 1e-4)
        }
        // Looking ahead adds BM25's share, and alone it leads even one beam to what BM25 finds.
        let ahead = try lookAhead(installed, text, 0.5)
        let guided = try installed.rank(text, hits: engine.count, options: options(nil, lookAhead: 0.5)).hits
        #expect(guided.count == engine.count)
        let alone = ids(all)
        for hit in guided {
            let passage = hit.candidate.passage
            #expect(abs(hit.score - 0.5 * (try #require(alone[passage]) + ahead[passage.place])) < 1e-4)
        }
        let best = try #require(ahead.max())
        let first = try installed.rank(text, options: options(nil, lookAhead: 1, beams: 1)).hits.first
        #expect(try ahead[#require(first).candidate.passage.place] == best)
        #expect(try !installed.rank(text, options: options(.trained, beams: 4)).hits.isEmpty)
        #expect {
            try training(index, scheme).run(QueryPairs(), output: index.place("x"), .silent)
        } throws: { "\($0)".contains("nothing to train on") }
    }

    @Test("Docids written for other passages are refused") func otherPassages() throws {
        let large = try TinyIndex()
        let small = try TinyIndex(corpus: try large.halfCorpus())
        _ = try training(small, .naive, steps: 2).run(try small.pairs(), output: small.place("docids"), .silent)
        #expect {
            try DocidsPart.set(small.place("docids"), in: large.path, models: TinyIndex.models)
        } throws: { error in
            if case IndexingError.otherPassages = error { true } else { false }
        }
        #expect(try described(large.reopened()) == nil)
    }

    @Test("Queries that are kept with the index are entries") func queries() throws {
        let index = try TinyIndex()
        var job = training(index)
        job.recipe.representations = [.queries]
        job.recipe.queryGenerators = ["spans"]
        #expect {
            try job.run(QueryPairs(), output: index.place("docids"), .silent)
        } throws: { error in
            if case TrainingError.noQueries(generator: "spans", index: _) = error { true } else { false }
        }
        _ = try SyntheticQueryBuilder.update(index.engine.path, options: .init(), models: TinyIndex.models) {
            [try QueryGenerators.Name.spans.make(for: $0)]
        }
        try index.engine.reload()
        let made = try #require(try index.reader.queries(of: "spans"))
        job = training(index)
        job.recipe.representations = [.queries]
        job.recipe.queryGenerators = ["spans"]
        let report = try job.run(QueryPairs(), output: index.place("docids"), .silent)
        let bare = (0..<Int32(index.engine.count)).count { made.places(of: $0).isEmpty }
        #expect(report.details.entries == made.count + bare)
    }

    @Test("Queries that are entries are not trained on, so that none finds its own copy") func copies() throws {
        let index = try TinyIndex()
        var labelled = QueryGenerators.Options()
        labelled.labelled = (queries: TinyIndex.sample + "/queries.jsonl", qrels: TinyIndex.sample + "/qrels/test.tsv")
        _ = try SyntheticQueryBuilder.update(index.engine.path, options: .init(), models: TinyIndex.models) {
            [try QueryGenerators.Name.labelled.make(for: $0, labelled)]
        }
        try index.engine.reload()
        var job = training(index)
        job.recipe.representations = [.queries]
        job.recipe.queryGenerators = ["labelled"]
        job.recipe.interpolation = 1
        let report = try job.run(try index.pairs(), output: index.place("docids"), .silent)
        #expect(report.result == nil && report.validation == nil)
        // A query that is an entry finds its passage.
        try index.set(DocidsPart.self, "docids")
        let installed = try index.reopened()
        let made = try #require(try installed.reader.queries(of: "labelled"))
        let item = try made.item(0)
        let first = try installed.rank(item.text, options: options(.trained)).hits.first?.candidate.passage
        let passages = try (0..<made.count).map { try made.item($0) }.filter { $0.text == item.text }.map(\.document)
        #expect(first.map { passages.contains($0.rawValue) } == true)
    }

    @Test("Damage is refused, and leaves the index as it was; damaged docids give way to those of the vectors")
    func damage() throws {
        let index = try TinyIndex()
        let output = index.place("docids")
        _ = try training(index).run(QueryPairs(), output: output, .silent)
        let weights = output.appending(path: "model.safetensors")
        let whole = try Data(contentsOf: weights)
        for length in [0, 100, whole.count - 1] {
            try whole.prefix(length).write(to: weights, options: .atomic)
            #expect(throws: (any Error).self) { try index.set(DocidsPart.self, "docids") }
        }
        try whole.write(to: weights, options: .atomic)
        #expect(try described(index.reopened()) == nil)
        try index.set(DocidsPart.self, "docids")
        let folder = try TinySample.folder(of: DocidsPart.kind, in: index.engine.path)
        let expected = try index.engine.rank("sourdough", options: options(.sentences)).hits.map(\.score)
        for file in ["model.safetensors", "entries.gnr", "config.json"] {
            let url = folder.appending(path: file)
            let bytes = try Data(contentsOf: url)
            for length in [0, bytes.count / 3, bytes.count - 1] {
                try bytes.prefix(length).write(to: url, options: .atomic)
                let damaged = try index.reopened()
                #expect(throws: EngineError.self) { try damaged.rank("sourdough", options: options(.trained)) }
                let found = try damaged.rank("sourdough", options: options(nil))
                #expect(found.hits.map(\.score) == expected)
                #expect(found.notes.map(\.kind) == [.without(part: "docids", "docid")])
            }
            try bytes.write(to: url, options: .atomic)
        }
        #expect(try index.reopened().rank("sourdough", options: options(.trained)).notes.isEmpty)
    }
}
