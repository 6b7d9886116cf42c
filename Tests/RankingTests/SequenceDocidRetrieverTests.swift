import Decoding
import Foundation
import Memory
import Ranking
import Search
import Testing

/// Log-probabilities of six tokens that depend on the whole prefix.
private struct PrefixModel: StepModel {
    let seed: UInt64
    var initialState: [Int32] { [] }

    func score(_ states: [[Int32]], into scores: inout StepScores) {
        for state in states { scores.addDense(logProbs(after: state)) }
    }

    func advance(_ state: [Int32], by token: Int32) -> [Int32] { state + [token] }

    func logProbs(after prefix: [Int32]) -> [Float] {
        let stream = prefix.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) &+ 1 }
        var random = SeededGenerator(seed: seed, stream: stream)
        let logits = (0..<6).map { _ in Float.random(in: -2...2, using: &random) }
        let total = log(logits.reduce(0) { $0 + exp($1) })
        return logits.map { $0 - total }
    }

    func logProb(of tokens: [Int32]) -> Float {
        tokens.indices.reduce(0) { $0 + logProbs(after: Array(tokens[..<$1]))[Int(tokens[$1])] }
    }
}

@Suite struct SequenceDocidRetrieverTests {
    private let model = PrefixModel(seed: 3)
    private let docids: [[Int32]]
    private let retriever: SequenceDocidSearch
    private let lookAhead: LookAhead

    init() {
        // Two to four tokens; what ends with 5 has ended, so that none begins another.
        var random = SeededGenerator(seed: 1)
        var made: Set<[Int32]> = []
        while made.count < 70 {
            let length = Int.random(in: 1...3, using: &random)
            made.insert((0..<length).map { _ in Int32.random(in: 0...4, using: &random) } + [5])
        }
        docids = made.sorted { $0.lexicographicallyPrecedes($1) }.shuffled(using: &random)
        retriever = SequenceDocidSearch(docids)
        let scores = docids.map { _ in Float.random(in: 0...1, using: &random) }
        lookAhead = LookAhead(scores: scores, weight: 0.4)
    }

    private func share(_ docid: [Int32]) -> Float { 1 / (1 - model.logProb(of: docid)) }

    @Test("As many beams as docids find every passage, with what a look-ahead says of it") func exhaustive() {
        for lookAhead in [nil, lookAhead] {
            let found = retriever.search(model, lookAhead: lookAhead, k: 70, beams: 70)
            #expect(found.passages.count == 70 && found.docidCount == 70 && found.invalidDocids == 0)
            for item in found.passages {
                let own = share(docids[item.passage.place])
                let expected = lookAhead.map { 0.6 * own + 0.4 * $0.scores[item.passage.place] } ?? own
                #expect(abs(item.score - expected) < 1e-5)
            }
            let three = retriever.search(model, lookAhead: lookAhead, k: 3, beams: 70)
            #expect(three.passages == Array(found.passages.prefix(3)))
        }
    }

    @Test("A few beams keep what a literal search keeps", arguments: [1, 2, 5, 11]) func literal(beams: Int) {
        for weight in [Float(0), 0.3, 0.8, 1] {
            let lookAhead = LookAhead(scores: lookAhead.scores, weight: weight)
            func score(_ prefix: [Int32]) -> Float {
                let below = docids.indices.filter { docids[$0].starts(with: prefix) }.map { lookAhead.scores[$0] }
                return (1 - weight) * share(prefix) + weight * (below.max() ?? 0)
            }
            var alive: [[Int32]] = [[]]
            var found: Set<Int32> = []
            while !alive.isEmpty {
                let longer = alive.flatMap { prefix in (0..<6).map { prefix + [$0] } }
                    .filter { prefix in docids.contains { $0.starts(with: prefix) } }
                let kept = longer.map { (prefix: $0, score: score($0)) }.enumerated()
                    .sorted { ($0.element.score, $1.offset) > ($1.element.score, $0.offset) }
                    .prefix(2 * beams).map(\.element.prefix)
                for (place, docid) in docids.enumerated() where kept.contains(docid) { found.insert(Int32(place)) }
                alive = Array(kept.filter { !docids.contains($0) }.prefix(beams))
            }
            let passages = retriever.search(model, lookAhead: lookAhead, k: 70, beams: beams).passages
            #expect(Set(passages.map(\.passage.rawValue)) == found)
            // A look-ahead that says nothing changes nothing.
            if weight == 0 {
                #expect(
                    passages.map(\.passage.rawValue)
                        == retriever.search(model, k: 70, beams: beams).passages.map(\.passage.rawValue))
            }
        }
    }

    @Test("Written freely, docids are those that a search without a trie reaches", arguments: [1, 2, 5, 400])
    func free(beams: Int) {
        var alive: [[Int32]] = [[]]
        var found: Set<Int32> = []
        for _ in 0..<4 {
            let longer = alive.enumerated().flatMap { beam, prefix in
                (0..<6).map { (prefix: prefix + [Int32($0)], beam: beam, token: $0) }
            }
            let kept = longer.map { (item: $0, score: model.logProb(of: $0.prefix)) }.sorted {
                ($0.score, -$0.item.beam, -$0.item.token) > ($1.score, -$1.item.beam, -$1.item.token)
            }.prefix(2 * beams).map(\.item.prefix)
            for (place, docid) in docids.enumerated() where kept.contains(docid) { found.insert(Int32(place)) }
            alive = Array(kept.filter { !docids.contains($0) }.prefix(beams))
        }
        let passages = retriever.search(model, k: 70, beams: beams, freely: 6).passages
        #expect(Set(passages.map(\.passage.rawValue)) == found)
        for item in passages { #expect(abs(item.score - share(docids[item.passage.place])) < 1e-5) }
        // What is no docid takes room from what is one.
        let constrained = retriever.search(model, k: 70, beams: beams).passages
        #expect(passages.count <= constrained.count)
        if beams == 400 { #expect(passages.count < 70 && passages.count > 10) }
        let even = PlaceSet(capacity: docids.count) { $0 % 2 == 0 }
        let passing = retriever.search(model, k: 70, beams: beams, passing: even, freely: 6).passages
        #expect(passing == passages.filter { $0.passage.place % 2 == 0 })
    }

    @Test("A look-ahead that knows the answer leads a single beam to it; no beams find nothing") func led() {
        for passage in docids.indices {
            var scores = [Float](repeating: 0, count: docids.count)
            scores[passage] = 1
            let found = retriever.search(model, lookAhead: LookAhead(scores: scores, weight: 0.9), k: 1, beams: 1)
            #expect(found.passages.first?.passage.place == passage)
        }
        #expect(retriever.search(model, lookAhead: lookAhead, k: 5, beams: 0).passages.isEmpty)
        let none = SequenceDocidSearch([])
        #expect(none.search(model, lookAhead: LookAhead(scores: [], weight: 1), k: 5, beams: 3).passages.isEmpty)
    }
}
