import Ranking
import Search
import TestSupport
import Testing

@Suite struct SegmentPlacesTests {
    @Test(
        "Passages and their numbers in segments lead to each other",
        arguments: [
            [1], [5], [2, 3], [1, 0, 4], [3, 1, 7, 2, 2],
        ])
    func places(counts: [Int]) {
        let places = SegmentPlaces(counts: counts)
        #expect(places.count == counts.reduce(0, +))
        var next: Int32 = 0
        for (segment, count) in counts.enumerated() {
            for local in 0..<Int32(count) {
                let passage = places.global(local, in: segment)
                #expect(passage == PassageIndex(next))
                let found = places.locate(passage)
                #expect(found.segment == segment && found.local == local)
                next += 1
            }
        }
    }

    @Test("Merged lists are what sorting gives", arguments: [[6], [4, 4], [1, 9, 3]]) func merged(counts: [Int]) {
        var random = SeededGenerator(seed: UInt64(counts.count))
        let places = SegmentPlaces(counts: counts)
        for _ in 0..<50 {
            // Few distinct scores, so that there are ties within and between segments.
            let lists = counts.map { count in
                (0..<Int32(count)).filter { _ in Bool.random(using: &random) }
                    .map { Scored($0, score: Float(Int.random(in: 0...3, using: &random))) }
                    .sorted(by: Scored.precedes)
            }
            let all = lists.enumerated().flatMap { segment, list in
                list.map { Scored(places.global($0.id, in: segment), score: $0.score) }
            }.sorted(by: Scored.precedes)
            for k in [0, 1, 4, 100] { #expect(places.merged(lists, k: k) == Array(all.prefix(k))) }
        }
    }
}
