import Engine
import Foundation
import Search

/// What a refresh will take on this machine, by the time of some searches. Nothing that is done depends on it.
struct RefreshForecast {
    private let reader: IndexReader
    private let queries: Int
    private let steps: Int

    init(_ reader: IndexReader, queries: Int, steps: Int) {
        (self.reader, self.queries, self.steps) = (reader, queries, steps)
    }

    private static let searches = 8
    private static let words = 12
    /// A step of a training of docids, in searches.
    private static let searchesAStep = 20.0

    /// Seconds for all items together.
    ///
    /// - Throws: what reading passages throws.
    func seconds(_ items: [IndexRefresh.Item]) throws -> Double {
        let a = try secondsASearch()
        return items.reduce(0) { sum, item in
            sum + a * (item.id == DocidsPart.kind ? Double(steps) * Self.searchesAStep : Double(queries))
        }
    }

    private func secondsASearch() throws -> Double {
        let places = try reader.livingPlaces()
        guard !places.isEmpty else { return 0 }
        let step = max(1, places.count / Self.searches)
        let texts = try stride(from: 0, to: places.count, by: step).prefix(Self.searches).map { place in
            let text = try reader.passage(PassageIndex(places[place])).text
            return text.split(separator: " ").prefix(Self.words).joined(separator: " ")
        }
        let engine = Engine(reader)
        // The first one loads what all need.
        _ = try? engine.rank(texts[0], hits: 10)
        let start = ContinuousClock.now
        for text in texts { _ = try? engine.rank(text, hits: 10) }
        return (ContinuousClock.now - start) / .seconds(1) / Double(texts.count)
    }
}
