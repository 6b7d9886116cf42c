import Memory
import Tensors
import TestSupport
import Testing

@Suite struct HalfVectorTests {
    @Test("Products with rounded vectors, and the vectors back", arguments: boundarySizes.filter { $0 > 0 && $0 < 200 })
    func products(dimension: Int) {
        var generator = SeededGenerator(seed: UInt64(dimension))
        func random(_ count: Int) -> [Float] { (0..<count).map { _ in Float.random(in: -1...1, using: &generator) } }
        let (rows, query) = (random(3 * dimension), random(dimension))
        let half = HalfVectors(rounding: FrozenArray(rows), dimension: dimension)
        let back = half.floats().toArray()
        for (a, b) in zip(rows, back) { #expect(abs(a - b) <= abs(a) * 0x1p-11 + 0x1p-25) }
        #expect(HalfVectors(rounding: FrozenArray(back), dimension: dimension).bits.toArray() == half.bits.toArray())
        let products = half.products(query)
        for row in 0..<3 {
            let exact = (0..<dimension).reduce(0.0) { $0 + Double(query[$1]) * Double(back[row * dimension + $1]) }
            #expect(abs(Double(products[row]) - exact) < 1e-5)
        }
    }
}
