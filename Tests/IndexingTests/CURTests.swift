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

/// From an index with late interaction to what finds its best, under the tiny encoder.
@Suite struct CURTests {
    private let folder: TemporaryFolder
    private let place: String

    init() throws {
        folder = try TemporaryFolder()
        place = folder.path("index")
        let generator = try TinySample.generatorWithHead(URL(filePath: folder.path("generator")))
        var options = IndexOptions()
        (options.encoder, options.pseudoQueries, options.trainSteps) = ("tiny_bert", 0, 0)
        options.generator = generator.path
        var builder = IndexBuilder(
            corpus: Sample.path, destination: place, options: options, models: TinySample.models)
        builder.staticSample = 60
        _ = try builder.build()
    }

    private func make(_ count: Int = 40) throws {
        _ = try CURBuilder(EstimationQueries(count: count)).update(URL(filePath: place), models: TinySample.models)
    }

    private func options(calls: Int, rounds: Int = 5, anchors: CURRetriever.Anchors = .drawn) -> SearchOptions {
        var options = SearchOptions()
        (options.retrievers, options.rerank, options.feedback) = ([CURRetriever.id], 0, FeedbackOptions.none)
        options[CURRetriever.self].calls = calls
        options[CURRetriever.self].rounds = rounds
        options[CURRetriever.self].anchors = anchors
        return options
    }

    private static let text = "when does a sourdough starter smell"

    @Test("What it finds has the scores of late interaction; all passages, scored, are its order") func scores() throws
    {
        try make()
        let engine = try TinySample.open(place)
        let reader = engine.reader
        let all = try reader.livingPlaces().map { PassageIndex($0) }
        let query = try reader.query(Self.text, needs: .states)
        let exact = try InteractionReranker.open(reader, NoOptions()).component.scores(of: all, for: query)
        let best = zip(all, exact).sorted { (-$0.1, $0.0) < (-$1.1, $1.0) }.map(\.0)
        let whole = try engine.rank(Self.text, hits: 10, options: options(calls: all.count, rounds: 1))
        #expect(whole.hits.map(\.candidate.passage) == Array(best.prefix(10)))
        for anchors in CURRetriever.Anchors.allCases {
            let few = try engine.rank(Self.text, hits: 10, options: options(calls: 60, anchors: anchors))
            let found = few.hits.map(\.candidate.passage)
            #expect(found.count == 10 && found == found.sorted { (-exact[$0.place], $0) < (-exact[$1.place], $1) })
        }
    }

    @Test("It runs where it is asked for, says what is missing, and follows deletions") func manners() throws {
        #expect(throws: EngineError.self) {
            try TinySample.open(place).rank(Self.text, options: options(calls: 10))
        }
        try make()
        let engine = try TinySample.open(place)
        #expect(try !engine.prepared(SearchOptions()).uses.contains(CURPart.kind))
        let first = try engine.rank(Self.text, hits: 1, options: options(calls: 500, rounds: 1)).hits[0].candidate
            .passage
        let id = try engine.reader.id(of: first)
        _ = try IndexChange(place, models: TinySample.models).delete(ids: [id])
        let later = try TinySample.open(place)
        let ranked = try later.rank(Self.text, hits: 500, options: options(calls: 500, rounds: 1))
        #expect(try !ranked.hits.contains { try later.reader.id(of: $0.candidate.passage) == id })
        #expect(ranked.hits.count == engine.reader.count - 1)
    }

    @Test("Anchor queries are questions that the index holds, where it has some; the same seed makes the same part")
    func anchors() throws {
        try make(20)
        let asked = try TinySample.open(place).reader.manifest.part(CURPart.kind)
        try make(20)
        let again = try TinySample.open(place).reader.manifest.part(CURPart.kind)
        #expect(asked?.files.files.map(\.sha256) == again?.files.files.map(\.sha256))
        #expect(try asked?.description.decoded(as: CURPart.Description.self).source == "generator")
        _ = try InstallableParts.remove(SyntheticQueriesPart.kind(of: "generator"), from: URL(filePath: place))
        try make(20)
        let runs = try TinySample.open(place).reader.manifest.part(CURPart.kind)
        #expect(try runs?.description.decoded(as: CURPart.Description.self).source == nil)
        let unknown = CURBuilder(EstimationQueries(source: "nobody", count: 5))
        #expect(throws: IndexingError.self) {
            try unknown.update(URL(filePath: place), models: TinySample.models)
        }
    }
}
