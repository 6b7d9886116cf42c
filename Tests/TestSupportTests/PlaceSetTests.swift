import Memory
import TestSupport
import Testing

/// Sets of places beside Swift's own, at sizes where words end.
@Suite struct PlaceSetTests {
    @Test(arguments: [0, 1, 63, 64, 65, 127, 128, 1000]) func matchesSets(capacity: Int) {
        var random = SeededGenerator(seed: UInt64(capacity))
        for share in [0.0, 0.02, 0.5, 1] {
            func drawn() -> Set<Int> {
                Set((0..<capacity).filter { _ in Double.random(in: 0..<1, using: &random) < share })
            }
            let (a, b) = (drawn(), drawn())
            let (x, y) = (PlaceSet(a, capacity: capacity), PlaceSet(capacity: capacity) { b.contains($0) })
            #expect(x.count == a.count && x.isEmpty == a.isEmpty && x.isFull == (a.count == capacity))
            #expect((0..<capacity).allSatisfy { x.contains($0) == a.contains($0) })
            #expect(x.toArray() == a.sorted())
            #expect(x.inverted.toArray() == (0..<capacity).filter { !a.contains($0) } && x.inverted.inverted == x)
            #expect(x.intersection(y).toArray() == a.intersection(b).sorted())
            #expect(x.union(y).toArray() == a.union(b).sorted())
        }
    }
}
