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

/// Indexes of which few passages were encoded, under the tiny encoder.
@Suite struct StaticVectorTests {
    private static let sample = 60

    @discardableResult
    private func build(
        _ place: String, _ budget: EncoderBudget, vectors: VectorProfile = .float32, segmentTokens: Int? = nil
    ) throws -> IndexReport {
        var options = IndexOptions()
        options.encoder = "tiny_bert"
        options.pseudoQueries = 3
        options.vectorProfile = vectors
        options.encoderBudget = budget
        var builder = IndexBuilder(corpus: Sample.path, destination: place, options: options, models: TinySample.models)
        builder.segmentTokenLimit = segmentTokens
        builder.staticSample = Self.sample
        return try builder.build()
    }

    private func kinds(_ place: String) throws -> PassageVectorKinds {
        try IndexReader.open(place, models: TinySample.models).value(PassageVectorKinds.self)
    }

    @Test("A budget is read as it is written") func budgets() throws {
        for (text, budget) in [("all", .all), ("none", .passages(0)), ("120", .passages(120)), ("1.5m", .minutes(1.5))]
            as [(String, EncoderBudget)]
        {
            #expect(EncoderBudget(text) == budget && budget.description == text)
        }
        for text in ["", "m", "-1", "-1m", "infm", "5 m", "1e3", "some"] {
            #expect(EncoderBudget(text) == nil, "\(text)")
        }
        var options = IndexOptions()
        options.encoderBudget = .minutes(2)
        #expect(IndexOptions(try JSONTree(encoding: options)) == options)
    }

    @Test("No more are encoded than the budget says, and than static vectors are fitted to", arguments: [nil, 20_000])
    func budget(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        for (name, budget, encoded) in [
            ("none", .passages(0), Self.sample), ("some", .passages(100), 100), ("all", .all, 210),
            ("enough", .passages(210), 210), ("long", .minutes(60), 210), ("short", .minutes(0), Self.sample),
        ] as [(String, EncoderBudget, Int)] {
            let place = folder.path(name)
            let report = try build(place, budget, segmentTokens: segmentTokens)
            let vectors = try #require(report.vectors)
            #expect(vectors.encoded == encoded && vectors.total == 210, "\(name)")
            #expect(try kinds(place).encodedCount == encoded && kinds(place).hasStatic == (encoded < 210))
            let part = report.manifest.part(StaticEncoderPart.kind)
            #expect((part != nil) == (encoded < 210) && (vectors.cosine != nil) == (part != nil))
            if segmentTokens != nil { #expect(report.manifest.segments.count > 1) }
            try IndexReader.open(place, models: TinySample.models).verify(isDeep: true)
        }
    }

    @Test("The same corpus gives the same bytes") func determinism() throws {
        let folder = try TemporaryFolder()
        for place in ["a", "b"] { try build(folder.path(place), .passages(0), vectors: .int8) }
        #expect(try BuiltIndex.files(of: folder.path("a")) == BuiltIndex.files(of: folder.path("b")))
    }

    @Test("A query's best are compared by the encoder's own vectors", arguments: VectorProfile.allCases)
    func refined(vectors: VectorProfile) throws {
        let folder = try TemporaryFolder()
        try build(folder.path("static"), .passages(0), vectors: vectors)
        try build(folder.path("all"), .all, vectors: .float32)
        func open(_ name: String) throws -> Engine {
            try Engine.open(folder.path(name), models: TinySample.models, precision: .float32, threads: 2)
        }
        let (engine, exact) = (try open("static"), try open("all"))
        let kinds = try kinds(folder.path("static"))
        for query in try Sample.queries().prefix(5) {
            for names in [["dense"], ["dense", "bm25"], ["docid", "bm25"]] as [[ComponentID]] {
                var options = SearchOptions()
                options.retrievers = names
                options.weights = ["dense": 1, "docid": 1, "bm25": 1]
                options[DocidRetriever.self].docids = .tree
                options.encode = 10
                let truth = try exact.rank(query.text, hits: 300, options: options)
                let refined = try engine.rank(query.text, hits: 300, options: options)
                options.encode = 0
                let plain = try engine.rank(query.text, hits: 300, options: options)
                #expect(plain.refinedCount == 0)
                let best = plain.hits.prefix(10).map(\.candidate.passage)
                #expect(refined.refinedCount == best.count { !kinds.isEncoded($0) })
                func scores(_ result: RankedResult) -> [PassageIndex: Float] {
                    Dictionary(
                        uniqueKeysWithValues: result.hits.compactMap { hit in
                            hit.candidate.parts.first { $0.retriever == names[0] }?.score.map {
                                (hit.candidate.passage, $0)
                            }
                        })
                }
                let (own, before, right) = (scores(refined), scores(plain), scores(truth))
                // Others keep their order below: in the dense list they are lowered alike.
                var lowered: Float?
                for (passage, score) in own {
                    // Cut as a reranker cuts, the sample's passages are whole.
                    if best.contains(passage), !kinds.isEncoded(passage) {
                        if let right = right[passage] { #expect(abs(score - right) < 1e-4) }
                    } else if let old = before[passage] {
                        let difference = best.contains(passage) || names[0] == "docid" ? 0 : lowered ?? old - score
                        if !best.contains(passage), names[0] == "dense" { lowered = difference }
                        #expect(abs(old - score - difference) < 1e-5 && difference >= 0)
                    }
                }
                #expect(Set(refined.hits.prefix(10).map(\.candidate.passage)) == Set(best) || names[0] == "docid")
            }
        }
    }

    @Test("The estimate says whether the best are encoded where nobody does") func encodingIsEstimated() throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try build(place, .passages(0))
        let text = try #require(try Sample.queries().first).text
        func refined(_ encode: Int?) throws -> Int {
            var options = SearchOptions()
            (options.encode, options.rerank) = (encode, 0)
            // What weighs nothing is not refined.
            options.weights = ["ngram": 1, "dense": 1, "docid": 1, "bm25": 1]
            return try TinySample.open(place).rank(text, hits: 10, options: options).refinedCount
        }
        let found = try #require(try IndexReader.open(place).manifest.estimates.first { $0.id == .fusionWeights })
        let value = try found.value.decoded(as: FusionEstimate.self)
        #expect(value.encodes != nil && found.baseline != nil)
        #expect(try (refined(nil) > 0) == (value.encodes == true))
        for encodes in [true, false] {
            var transaction = try IndexTransaction(URL(filePath: place))
            let estimate = Estimate(
                FusionEstimate(weights: value.weights, encodes: encodes), inputs: found.inputs, queries: 1, objective: 1
            )
            try transaction.record(estimate, as: .fusionWeights)
            _ = try transaction.commit()
            #expect(try (refined(nil) > 0) == encodes)
            #expect(try refined(5) > 0)
        }
        #expect(try refined(0) == 0)
    }

    @Test("Fusion weights are stored as numbers by retriever where nothing else is known") func stored() throws {
        let weights: [ComponentID: Float] = ["bm25": 0.5, "dense": 0.5]
        for estimate in [
            FusionEstimate(weights: weights), FusionEstimate(weights: weights, encodes: true),
            FusionEstimate(weights: weights, encodes: false),
        ] {
            let tree = try JSONTree(encoding: estimate)
            #expect(try tree.decoded(as: FusionEstimate.self) == estimate)
            #expect(((try? tree.decoded(as: [ComponentID: Float].self)) != nil) == (estimate.encodes == nil))
        }
    }

    @Test("An explanation says what a passage's vector is") func explained() throws {
        let folder = try TemporaryFolder()
        try build(folder.path("index"), .passages(0))
        let engine = try TinySample.open(folder.path("index"))
        var options = SearchOptions("dense")
        options.encode = 30
        let kinds = try kinds(folder.path("index"))
        let text = try #require(try Sample.queries().first).text
        let hits = try engine.rank(text, hits: 40, options: options).hits
        var seen: Set<String> = []
        for hit in hits {
            let said = try engine.explain(text, docid: hit.id, options: options).detail("vector", as: String.self)
            #expect((said == "encoded") == kinds.isEncoded(hit.candidate.passage))
            if let said { seen.insert(said) }
        }
        #expect(seen == ["encoded", "static", "encoded for the query"])
    }

    @Test("Going on round by round ends where encoding everything would have", arguments: [nil, 20_000])
    func continued(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try build(place, .passages(0), segmentTokens: segmentTokens)
        try build(folder.path("all"), .all, segmentTokens: segmentTokens)
        _ = try IndexChange(place, models: TinySample.models).delete(ids: ["sourdough-starter"])
        var work = VectorContinuation(place, models: TinySample.models)
        work.round = 50
        work.budget = .passages(70)
        let first = try work.run()
        #expect(first.encoded == 70 && first.left > 0)
        #expect(try kinds(place).encodedCount == Self.sample + 70)
        try IndexReader.open(place, models: TinySample.models).verify(isDeep: true)
        work.budget = .all
        let second = try work.run()
        #expect(second.encoded == first.left && second.left == 0)
        #expect(second.manifest.segments.allSatisfy { $0.renewed != nil })
        #expect(try work.run().encoded == 0)
        // The deleted passage may keep its static vector; of all others the vectors are the encoder's.
        let (read, right) = (
            try IndexReader.open(place, models: TinySample.models),
            try IndexReader.open(folder.path("all"), models: TinySample.models)
        )
        let living = try read.livingPlaces()
        let (own, exact) = (try read.components(DenseIndex.self), try right.components(DenseIndex.self))
        for passage in living.map({ PassageIndex($0) }) {
            let (segment, local) = read.places.locate(passage)
            #expect(own[segment].isEncoded(local))
            let vectors = [own[segment], exact[segment]].map { dense in
                dense.withVectors(Int(local)..<Int(local) + 1) {
                    Array(UnsafeBufferPointer(start: $0, count: dense.dimension))
                }
            }
            #expect(zip(vectors[0], vectors[1]).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        // Segments that are written anew have one file of vectors.
        let compacted = try IndexChange(place, models: TinySample.models).compact(.all)
        #expect(compacted.manifest.segments.allSatisfy { $0.renewed == nil })
        #expect(try !kinds(place).hasStatic)
    }

    @Test("Passages that come later get vectors by the same rules, and what is copied keeps its kind") func added()
        throws
    {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        try build(place, .passages(0), vectors: .int8)
        let digest = try IndexReader.open(place).manifest.part(StaticEncoderPart.kind)?.sha256
        let more = try folder.corpus([
            ("new", "Rye", "Rye bread with seeds."), ("other", "", "Steel is an alloy of iron."),
        ])
        let change = IndexChange(place, models: TinySample.models)
        let report = try change.add(more)
        #expect(report.manifest.part(StaticEncoderPart.kind)?.sha256 == digest && digest != nil)
        // The index's budget is none, and its static encoder is there already.
        #expect(try kinds(place).encodedCount == Self.sample)
        _ = try change.delete(ids: ["new"])
        _ = try change.compact(.all)
        #expect(try kinds(place).encodedCount == Self.sample)
        #expect(
            try Engine.open(place, models: TinySample.models).rank("alloy of iron", hits: 1).hits.first?.id == "other")
    }
}
