import CKernels
import TestSupport
import Testing

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The kernels of layers against their formulas in double precision, at sizes around the vectors'.
@Suite struct LayerKernelTests {
    private static let widths = [1, 2, 7, 8, 9, 16, 31, 33, 64, 100]

    private func numbers(_ count: Int, _ seed: Int, _ scale: Float = 3) -> [Float] {
        var generator = SeededGenerator(seed: UInt64(seed))
        return (0..<count).map { _ in Float.random(in: -scale...scale, using: &generator) }
    }

    private func isNear(_ x: Float, _ y: Double, _ tolerance: Double = 2e-6) -> Bool {
        abs(Double(x) - y) <= tolerance * max(1, abs(y))
    }

    @Test(arguments: widths) func activations(width: Int) {
        let x = numbers(width, width, 6)
        let formulas: [(CInt, (Double) -> Double)] = [
            (CInt(CK_RELU), { max($0, 0) }),
            (CInt(CK_GELU), { $0 * 0.5 * erfc(-$0 / 2.0.squareRoot()) }),
            (
                CInt(CK_GELU_TANH),
                { 0.5 * $0 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }
            ),
            (CInt(CK_SILU), { $0 / (1 + exp(-$0)) }),
        ]
        let up = numbers(width, width + 1)
        for (kind, formula) in formulas {
            var y = x
            ck_activate(kind, &y, width)
            for (x, y) in zip(x, y) { #expect(isNear(y, formula(Double(x)))) }
            var gated = [Float](repeating: 0, count: 2 * width)
            ck_gate_rows(kind, x + up + up + x, 2, width, &gated)
            for i in 0..<width {
                #expect(isNear(gated[i], formula(Double(x[i])) * Double(up[i]), 5e-6))
                #expect(isNear(gated[width + i], formula(Double(up[i])) * Double(x[i]), 5e-6))
            }
        }
    }

    @Test(arguments: widths) func norms(width: Int) {
        let (x, gain) = (numbers(3 * width, width), numbers(width, width + 9))
        var y = x
        ck_rms_norm_rows(x, &y, 3, width, gain, 1e-6)
        for row in 0..<3 {
            let part = x[row * width..<(row + 1) * width].map(Double.init)
            let scale = 1 / (part.reduce(0) { $0 + $1 * $1 } / Double(width) + 1e-6).squareRoot()
            for i in 0..<width { #expect(isNear(y[row * width + i], part[i] * scale * Double(gain[i]))) }
        }
    }

    @Test(arguments: widths) func logSoftmax(width: Int) {
        let x = numbers(2 * width, width, 20)
        var y = x
        ck_log_softmax_rows(&y, 2, width, width)
        for row in 0..<2 {
            let part = x[row * width..<(row + 1) * width].map(Double.init)
            let top = part.max() ?? 0
            let total = top + log(part.reduce(0) { $0 + exp($1 - top) })
            for i in 0..<width { #expect(isNear(y[row * width + i], part[i] - total)) }
        }
    }

    @Test(arguments: [2, 8, 10, 64]) func rotation(width: Int) {
        let x = numbers(2 * width, width)
        let angles = numbers(width / 2, 5).map(Double.init)
        var y = x
        ck_rotate_halves(&y, 2, width, angles.map { Float(cos($0)) }, angles.map { Float(sin($0)) })
        for head in 0..<2 {
            for i in 0..<width / 2 {
                let (a, b) = (Double(x[head * width + i]), Double(x[head * width + i + width / 2]))
                #expect(isNear(y[head * width + i], a * cos(angles[i]) - b * sin(angles[i])))
                #expect(isNear(y[head * width + i + width / 2], b * cos(angles[i]) + a * sin(angles[i])))
            }
        }
    }

    @Test("Attention over scattered slots, with heads that share keys", arguments: [3, 8, 16, 20], [1, 2, 9, 40])
    func attention(width: Int, count: Int) {
        let (heads, group, slotCount) = (4, 2, 50)
        let stride = heads / group * width
        let (query, keys) = (numbers(heads * width, 1), numbers(slotCount * stride, 2))
        let (values, bias) = (numbers(slotCount * stride, 3), numbers(heads * 45, 4))
        var generator = SeededGenerator(seed: 6)
        let slots = (0..<Int32(slotCount)).shuffled(using: &generator).prefix(count).map(\.self)
        var (scores, out) = ([Float](repeating: 0, count: count), [Float](repeating: .nan, count: heads * width))
        let headWeights: [Float] = [1, 0, 0.5, 2]
        var mass = [Float](repeating: 1, count: count)
        ck_attend(
            heads, group, width, query, keys, values, stride, slots, count, 0.3, bias, 45, headWeights, &mass, &scores,
            &out)
        var expectedMass = [Double](repeating: 1, count: count)
        for head in 0..<heads {
            func at(_ array: [Float], _ slot: Int32, _ i: Int) -> Double {
                Double(array[Int(slot) * stride + head / group * width + i])
            }
            var weights = slots.enumerated().map { place, slot in
                exp(
                    (0..<width).reduce(0) { $0 + Double(query[head * width + $1]) * at(keys, slot, $1) } * 0.3
                        + Double(bias[head * 45 + place]))
            }
            let total = weights.reduce(0, +)
            weights = weights.map { $0 / total }
            for place in weights.indices { expectedMass[place] += weights[place] * Double(headWeights[head]) }
            for i in 0..<width {
                let expected = zip(weights, slots).reduce(0) { $0 + $1.0 * at(values, $1.1, i) }
                #expect(isNear(out[head * width + i], expected, 1e-5))
            }
        }
        for place in 0..<count { #expect(isNear(mass[place], expectedMass[place], 1e-5)) }
    }

    @Test("Attention in order has the bits of products", arguments: [3, 8, 16, 64, 80], [1, 2, 15, 40, 200])
    func attentionInOrder(width: Int, count: Int) {
        let (heads, group, slotCount) = (6, 3, 256)
        let stride = heads / group * width
        let (query, keys) = (numbers(heads * width, 1), numbers(slotCount * stride, 2))
        let values = numbers(slotCount * stride, 3)
        var generator = SeededGenerator(seed: 7)
        let slots = (0..<Int32(slotCount)).shuffled(using: &generator).prefix(count).map(\.self)
        let headWeights: [Float] = [1, 0, 0.5, 2, 1, 0]
        var mass = [Float](repeating: 0, count: count)
        var (scores, out) = (
            [Float](repeating: 0, count: group * count), [Float](repeating: .nan, count: heads * width)
        )
        ck_attend_in_order(
            heads, group, width, query, keys, values, stride, slots, count, 0.3, headWeights, &mass, &scores, &out)
        var expectedMass = [Float](repeating: 0, count: count)
        for head in 0..<heads {
            func rows(_ from: [Float]) -> [Float] {
                slots.flatMap { slot in
                    let start = Int(slot) * stride + head / group * width
                    return Array(from[start..<start + width])
                }
            }
            var packedKeys = [Float](repeating: 0, count: ck_gemm_packed_count(width, count))
            var packedValues = [Float](repeating: 0, count: ck_gemm_packed_count(count + 5, width))
            ck_gemm_pack(rows(keys), 1, width, width, count, &packedKeys)
            // Tokens that the row does not see weigh nothing.
            ck_gemm_pack(rows(values) + numbers(5 * width, 9), width, 1, count + 5, width, &packedValues)
            var weights = [Float](repeating: 0, count: count + 5)
            ck_gemm(
                1, count, width, 0.3, Array(query[head * width..<(head + 1) * width]), width, 1, packedKeys, 0,
                &weights, count, nil)
            ck_softmax_rows(&weights, 1, count, count)
            if headWeights[head] != 0 { ck_axpy(headWeights[head], weights, &expectedMass, count) }
            var expected = [Float](repeating: 0, count: width)
            ck_gemm(1, width, count + 5, 1, weights, count + 5, 1, packedValues, 0, &expected, width, nil)
            #expect(expected == Array(out[head * width..<(head + 1) * width]))
        }
        #expect(mass == expectedMass)
    }

    @Test("The largest, against sorting", arguments: [0, 1, 5, 8, 31, 200, 5_000], [1, 2, 7, 30, 300])
    func largest(count: Int, k: Int) {
        var generator = SeededGenerator(seed: UInt64(count + k))
        // Many equal values, some that are no numbers, some infinite.
        let x: [Float] = (0..<count).map { _ in
            switch Int.random(in: 0..<20, using: &generator) {
            case 0: .nan
            case 1: -.infinity
            default: Float(Int.random(in: -40...40, using: &generator)) / 4
            }
        }
        for minimum in [-Float.infinity, -2] {
            let expected = x.indices.filter { x[$0] > minimum }
                .sorted { (x[$1], $0) < (x[$0], $1) }.prefix(k)
            var (indices, values) = ([Int32](repeating: 0, count: k), [Float](repeating: 0, count: k))
            let found = ck_largest(x, count, k, minimum, &indices, &values)
            #expect(indices.prefix(found).elementsEqual(expected.map(Int32.init)))
            #expect(values.prefix(found).elementsEqual(expected.map { x[$0] }))
        }
    }
}
