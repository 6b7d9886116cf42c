import Foundation
import Ranking
import Storage
import TestSupport
import Testing

@Suite struct SparseIndexTests {
    private static let words = [
        "cat", "cats", "Dog", "dogs", "berry", "berries", "the", "of", "Café", "cafe", "東京都", "naïve", "x1",
        "rainbow", "river", "stone", "🍕",
    ]

    /// A seeded corpus as an index file and as the terms of each passage.
    private func makeIndex(passages: Int, seed: UInt64) throws -> (SparseIndex, [[String]]) {
        var random = SeededGenerator(seed: seed)
        var builder = SparseIndexBuilder()
        var terms: [[String]] = []
        func draw(_ longest: Int) -> String {
            (0..<Int.random(in: 0...longest, using: &random))
                .map { _ in Self.words.randomElement(using: &random) ?? "" }.joined(separator: " ")
        }
        for _ in 0..<passages {
            let (title, text) = (draw(3), draw(20))
            builder.add(title: title, text: text)
            terms.append(TermAnalyzer().terms(of: title) + TermAnalyzer().terms(of: text))
        }
        #expect(builder.documentCount == passages)
        let file = FileManager.default.temporaryDirectory.appending(path: "sparse-\(UUID().uuidString)")
        // The mapping outlives the name.
        defer { try? FileManager.default.removeItem(at: file) }
        try builder.write(to: file.path)
        return (try SparseIndex(Container(path: file.path, kind: SparseIndex.fileKind)), terms)
    }

    /// BM25 with Lucene's idf over plain lists.
    private func naive(_ query: String, _ passages: [[String]], k1: Double, b: Double) -> [Double] {
        let n = Double(passages.count)
        let average = Double(passages.joined().count) / max(1, n)
        let terms = TermAnalyzer().terms(of: query)
        var scores: [Double] = []
        for passage in passages {
            let norm: Double = k1 * (1 - b + b * Double(passage.count) / average)
            var score = 0.0
            for term in terms {
                let df = Double(passages.count { $0.contains(term) })
                let tf = Double(passage.count { $0 == term })
                let idf: Double = log(1 + (n - df + 0.5) / (df + 0.5))
                if tf > 0 { score += idf * tf / (tf + norm) }
            }
            scores.append(score)
        }
        return scores
    }

    @Test("Scores are BM25's", arguments: [0, 1, 2, 50, 300]) func matchesNaive(passages: Int) throws {
        let (index, terms) = try makeIndex(passages: passages, seed: UInt64(passages))
        #expect(index.documentCount == passages)
        #expect(index.termCount == Set(terms.joined()).count)
        for term in Set(terms.joined()) {
            #expect(index.documentFrequency(of: term) == terms.count { $0.contains(term) })
        }
        var random = SeededGenerator(seed: 77)
        for _ in 0..<40 {
            // Repeated, unknown and empty terms are among these.
            let query = (0..<Int.random(in: 0...5, using: &random))
                .map { _ in (Self.words + ["zebra", "cat cat"]).randomElement(using: &random) ?? "" }
                .joined(separator: " ")
            var parameters = SparseIndex.Parameters()
            parameters.k1 = [0.9, 0, 1.2].randomElement(using: &random) ?? 1
            parameters.b = [0.4, 0, 1].randomElement(using: &random) ?? 1
            let expected = naive(query, terms, k1: Double(parameters.k1), b: Double(parameters.b))
            var scores = [Float](repeating: 0, count: passages)
            let bound = index.score(query, parameters, into: &scores)
            for (score, truth) in zip(scores, expected) {
                #expect(abs(Double(score) - truth) < 1e-4, "\(query)")
                #expect(score <= bound * 1.0001, "\(query)")
            }
            let found = index.search(query, k: 7, parameters: parameters)
            let order = scores.enumerated().filter { $0.element > 0 }.sorted {
                ($0.element, $1.offset) > ($1.element, $0.offset)
            }
            #expect(found.map { Int($0.document) } == order.prefix(7).map(\.offset), "\(query)")
            #expect(found.map(\.score) == order.prefix(7).map(\.element), "\(query)")
        }
    }

    @Test("Repeated terms count as often as they occur, unknown ones only in the bound") func repeats() throws {
        let (index, _) = try makeIndex(passages: 40, seed: 4)
        func scores(_ query: String) -> (scores: [Float], bound: Float) {
            var scores = [Float](repeating: 0, count: 40)
            let bound = index.score(query, .init(), into: &scores)
            return (scores, bound)
        }
        let once = scores("river")
        let twice = scores("river rivers")
        #expect(once.scores.contains { $0 > 0 })
        for (one, two) in zip(once.scores, twice.scores) { #expect(abs(2 * one - two) < 1e-5) }
        #expect(abs(2 * once.bound - twice.bound) < 1e-5)
        let unknown = scores("zebra river")
        #expect(unknown.scores == once.scores && unknown.bound > once.bound)
        #expect(index.search("zebra", k: 5).isEmpty && index.search("", k: 5).isEmpty)
        #expect(index.search("the of", k: 5).isEmpty && index.search("river", k: 0).isEmpty)
    }

    @Test("Frequencies beyond sixteen bits are cut, not wrapped") func longPassage() throws {
        var builder = SparseIndexBuilder()
        builder.add(title: "", text: String(repeating: "stone ", count: 70_000))
        builder.add(title: "stone", text: "river")
        let file = FileManager.default.temporaryDirectory.appending(path: "sparse-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try builder.write(to: file.path)
        let index = try SparseIndex(Container(path: file.path, kind: SparseIndex.fileKind))
        let found = index.search("stone", k: 2)
        #expect(found.map(\.document) == [0, 1] || found.map(\.document) == [1, 0])
        #expect(found.allSatisfy { $0.score.isFinite && $0.score > 0 })
        #expect(abs(index.averageLength - 35_001) < 1)
    }
}
