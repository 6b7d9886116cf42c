import Engine
import Foundation
import Indexing
import SampleIndexes
import TestSupport
import Testing

@Suite("Suggested queries") struct SuggestionTests {
    @Test("The silhouette is that of a naive sum", arguments: 1..<8) func silhouette(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let points = (0..<seed * 3).map { _ in (0..<4).map { _ in Float(random.unit()) } }
        let clusters = points.map { _ in Int.random(in: 0..<3, using: &random) }
        func distance(_ a: Int, _ b: Int) -> Double {
            zip(points[a], points[b]).reduce(0) { $0 + pow(Double($1.0) - Double($1.1), 2) }.squareRoot()
        }
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        var sum = 0.0
        let present = Set(clusters)
        for point in points.indices {
            let own = points.indices.filter { clusters[$0] == clusters[point] && $0 != point }
            let others = present.subtracting([clusters[point]]).map { cluster in
                mean(points.indices.filter { clusters[$0] == cluster }.map { distance(point, $0) })
            }
            guard !own.isEmpty, let b = others.min() else { continue }
            let a = mean(own.map { distance(point, $0) })
            sum += max(a, b) > 0 ? (b - a) / max(a, b) : 0
        }
        #expect(abs(Silhouette.mean(of: points, clusters) - sum / Double(points.count)) < 1e-9)
    }

    @Test("One cluster, no point and equal points have a silhouette of 0") func flat() {
        #expect(Silhouette.mean(of: [], []) == 0)
        #expect(Silhouette.mean(of: [[1, 0], [0, 1]], [0, 0]) == 0)
        #expect(Silhouette.mean(of: [[1], [1], [1]], [0, 0, 1]) == 0)
        // Two pairs far apart are parted as well as can be.
        #expect(Silhouette.mean(of: [[0], [0], [9], [9]], [0, 0, 1, 1]) == 1)
    }

    @Test("Suggestions find more of their cluster than the query does, and are the same again") func suggestions()
        throws
    {
        let folder = try TemporaryFolder()
        let place = folder.path("index")
        var options = IndexOptions()
        (options.encoder, options.pseudoQueries, options.trainSteps) = ("tiny_bert", 0, 0)
        options.generator = TinySample.generator.path
        _ = try IndexBuilder(corpus: Sample.path, destination: place, options: options, models: TinySample.models)
            .build()
        let engine = try TinySample.open(place)
        var suggestions = try QuerySuggestions(engine)
        (suggestions.hits, suggestions.count) = (40, 2)
        let text = "why does bread rise"
        let found = try suggestions.suggest(text)
        #expect(found.count <= 2)
        let best = Set(try engine.rank(text, hits: 40).hits.map(\.id))
        for suggestion in found {
            #expect(suggestion.recall > suggestion.recallBefore && suggestion.recall <= 1)
            #expect(suggestion.passages.count >= 3 && best.isSuperset(of: suggestion.passages))
        }
        suggestions.threads = 3
        #expect(try suggestions.suggest(text) == found)
        // Too little to part.
        suggestions.hits = 5
        #expect(try suggestions.suggest(text).isEmpty)
    }
}
