import CKernels
import Memory

/// What a decoder's layers attend to of one source: the encoder's states as keys and values, packed
/// once for all beams and steps.
struct CrossMemory: Sendable {
    /// The tokens of the source.
    let length: Int
    /// For each layer and head Kᵀ [a × length], packed.
    private let keys: FrozenArray<Float>
    /// For each layer and head V [length × a], packed.
    private let values: FrozenArray<Float>
    private let heads: Int
    private let keyCount: Int
    private let valueCount: Int

    /// Packs one source's part of `products`, which holds the keys and values of all layers side
    /// by side, row after row [rows × (layers · 2·g·a)], from row `start` on.
    init(_ configuration: StackConfiguration, length: Int, layers: [UnsafePointer<Float>]) {
        let (a, heads, k) = (configuration.headWidth, configuration.keyHeadCount, configuration.keyWidth)
        let (keyCount, valueCount) = (ck_gemm_packed_count(a, length), ck_gemm_packed_count(length, a))
        self.length = length
        self.heads = heads
        self.keyCount = keyCount
        self.valueCount = valueCount
        keys = FrozenArray(count: layers.count * heads * keyCount) { packed in
            guard let packed = packed.baseAddress else { return }
            for (layer, rows) in layers.enumerated() {
                for head in 0..<heads {
                    ck_gemm_pack(
                        rows + head * a, 1, 2 * k, a, length,
                        packed + (layer * heads + head) * keyCount)
                }
            }
        }
        values = FrozenArray(count: layers.count * heads * valueCount) { packed in
            guard let packed = packed.baseAddress else { return }
            for (layer, rows) in layers.enumerated() {
                for head in 0..<heads {
                    ck_gemm_pack(
                        rows + k + head * a, 2 * k, 1, length, a,
                        packed + (layer * heads + head) * valueCount)
                }
            }
        }
    }

    func keys(layer: Int, head: Int) -> UnsafePointer<Float> {
        keys.unsafeBase + (layer * heads + head) * keyCount
    }

    func values(layer: Int, head: Int) -> UnsafePointer<Float> {
        values.unsafeBase + (layer * heads + head) * valueCount
    }
}

extension TransformerStack {
    /// The memories of several sources, whose encoder states [rows × width of the encoder] lie one
    /// after the other.
    func memories(
        of states: UnsafePointer<Float>, lengths: [Int], _ scratch: StackScratch
    ) -> [CrossMemory] {
        let rows = lengths.reduce(0, +)
        let width = 2 * configuration.keyWidth
        let products = weights.layers.map { layer in
            let product = ScratchBuffer(count: rows * width)
            layer.cross?.keyValue.apply(rows: rows, states, into: product.base, scratch.products)
            return product
        }
        var start = 0
        return withExtendedLifetime(products) {
            lengths.map { length in
                defer { start += length }
                return CrossMemory(
                    configuration, length: length,
                    layers: products.map { UnsafePointer($0.base + start * width) })
            }
        }
    }
}
