import Memory
import Rerankers
import Testing

/// Sorters, with judges that are made up.
@Suite("Sorting by questions") struct SorterTests {
    private static let sizes = [0, 1, 2, 3, 4, 5, 7, 19, 20, 21, 43, 100]

    private func sorters(_ top: Int) -> [any Sorter] {
        [1, 2, 3, 9, 19].flatMap { children -> [any Sorter] in
            [HeapSorter(children: children, top: top), BubbleSorter(window: children + 1, top: top)]
        }
    }

    @Test("A judge that is right gives the best in order", arguments: sizes) func perfect(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        for top in [1, 3, 10, 200] {
            for sorter in sorters(top) {
                let given = (0..<count).shuffled(using: &random)
                var places = given
                sorter.sort(&places) { group in group.indices.min { group[$0] < group[$1] } ?? 0 }
                let best = min(top, count)
                #expect(Array(places.prefix(best)) == Array(0..<best), "\(sorter) \(top)")
                #expect(places.sorted() == Array(0..<count))
            }
        }
    }

    @Test(
        "Heaps ask as often as they should",
        arguments: [(20, [2: 43, 3: 30, 4: 22, 9: 17, 19: 10]), (100, [2: 140, 3: 82, 4: 61, 9: 31, 19: 23])])
    func questions(count: Int, expected: [Int: Double]) {
        for (children, mean) in expected {
            var random = SeededGenerator(seed: 8)
            var questions = 0
            let rounds = 400
            for _ in 0..<rounds {
                var places = (0..<count).shuffled(using: &random)
                HeapSorter(children: children, top: 10).sort(&places) { group in
                    questions += 1
                    return group.indices.min { group[$0] < group[$1] } ?? 0
                }
            }
            #expect(
                abs(Double(questions) / Double(rounds) - mean) <= 0.1 * mean + 1,
                "\(children): \(Double(questions) / Double(rounds))")
        }
    }

    @Test("A judge that never decides leaves everything where it is") func undecided() {
        for sorter in [BubbleSorter(window: 2, top: 5), BubbleSorter(window: 4, top: 1)] {
            var places = Array(0..<20)
            var questions = 0
            sorter.sort(&places) { _ in
                questions += 1
                return 0
            }
            #expect(places == Array(0..<20))
            // One pass shows that there is nothing to do.
            #expect(questions <= 19)
        }
    }

    @Test("A judge that fails loses nothing", arguments: sizes) func failing(count: Int) {
        struct Failure: Error {}
        for after in [0, 1, 2, 5, 11] {
            for sorter in sorters(10) {
                var random = SeededGenerator(seed: 3)
                var places = (0..<count).shuffled(using: &random)
                var left = after
                try? sorter.sort(&places) { group in
                    if left == 0 { throw Failure() }
                    left -= 1
                    return Int.random(in: 0..<group.count, using: &random)
                }
                #expect(places.sorted() == Array(0..<count))
            }
        }
    }

    @Test("Windows reach every place, and the best comes to the front", arguments: sizes) func windows(count: Int) {
        for (size, stride) in [(20, 10), (4, 2), (2, 1), (5, 5), (3, 1), (20, 7)] {
            let order = WindowOrder(size: size, stride: stride)
            let windows = order.windows(count)
            #expect(Set(windows.flatMap { Array($0) }) == Set(0..<count))
            #expect(windows.allSatisfy { $0.count <= size })
            #expect(count == 0 || windows.last?.lowerBound == 0)
            var random = SeededGenerator(seed: UInt64(count * size))
            var places = (0..<count).shuffled(using: &random)
            order.sort(&places) { $0.sorted() }
            #expect(places.sorted() == Array(0..<count))
            // The best `size - stride` can come to the front from anywhere.
            let sure = min(count, max(0, size - stride))
            #expect(Array(places.prefix(sure)) == Array(0..<sure), "\(size) \(stride)")
        }
    }
}
