import Charts
import Memory
import Testing

@Suite struct LabelPlacementTests {
    /// The least sum of squared moves over all ways to cut the sorted wishes into touching runs.
    private func best(_ wishes: [Double], height: Double, range: ClosedRange<Double>) -> Double {
        let sorted = wishes.sorted()
        var least = Double.infinity
        for cuts in 0..<(1 << (sorted.count - 1)) {
            var places: [Double] = []
            var start = 0
            for index in sorted.indices where index == sorted.count - 1 || cuts >> index & 1 == 1 {
                let run = start...index
                let mean = run.reduce(0) { $0 + sorted[$1] - Double($1 - start) * height } / Double(run.count)
                let low = range.lowerBound + height / 2 + Double(start) * height
                let high = range.upperBound - height / 2 - Double(sorted.count - 1 - start) * height
                let first = min(max(mean, low), high)
                places += run.map { first + Double($0 - start) * height }
                start = index + 1
            }
            guard zip(places, places.dropFirst()).allSatisfy({ $1 - $0 >= height - 1e-9 }) else { continue }
            least = min(least, zip(sorted, places).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) })
        }
        return least
    }

    @Test func columnsNeverOverlapAndMoveAsLittleAsCanBe() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<1500 {
            let count = 1 + Int(random.next() % 7)
            let range = 0.0...(Double(count) * 15 + random.unit() * 150)
            let wishes = (0..<count).map { _ in (random.unit() * 1.4 - 0.2) * range.upperBound }
            let places = try #require(LabelPlacement.column(wishes, height: 15, within: range))
            let order = wishes.indices.sorted { (wishes[$0], $0) < (wishes[$1], $1) }
            for (one, other) in zip(order, order.dropFirst()) { #expect(places[other] - places[one] >= 15 - 1e-9) }
            #expect(places.allSatisfy { $0 >= 7.5 - 1e-9 && $0 <= range.upperBound - 7.5 + 1e-9 })
            let moves = zip(wishes, places).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
            #expect(moves <= best(wishes, height: 15, range: range) + 1e-6)
        }
    }

    @Test func edges() {
        #expect(LabelPlacement.column([], height: 15, within: 0...10) == [])
        #expect(LabelPlacement.column([1, 2], height: 15, within: 0...20) == nil)
        #expect(LabelPlacement.column([40, 40, 40], height: 10, within: 0...100) == [30, 40, 50])
        #expect(LabelPlacement.column([5], height: 10, within: 0...10) == [5])
    }

    @Test func labelsOfPointsOverlapNothing() {
        var random = SeededGenerator(seed: 12)
        var placed = 0
        for _ in 0..<400 {
            let frame = Box(x: 0, y: 0, width: 330, height: 210)
            let wishes = (0..<6).map { _ in
                PointLabels.Wish(
                    x: random.unit() * 300, y: random.unit() * 210, width: 20 + random.unit() * 60, height: 15)
            }
            let obstacles = wishes.map { Box(x: $0.x - 5, y: $0.y - 5, width: 10, height: 10) }
            guard let boxes = PointLabels.boxes(wishes, obstacles: obstacles, within: frame) else { continue }
            placed += 1
            for (index, box) in boxes.enumerated() {
                #expect(box.isInside(frame))
                #expect(!obstacles.contains { $0.overlaps(box) })
                #expect(!boxes[..<index].contains { $0.overlaps(box) })
            }
        }
        #expect(placed > 300)
    }
}
