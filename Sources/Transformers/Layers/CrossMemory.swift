import CKernels
import Memory
import Tensors

/// What a decoder's layers attend to of one source: the encoder's states as keys and values, packed
/// once for all beams and steps.
struct CrossMemory: Sendable {
    /// The tokens of the source.
    let length: Int
    /// For each layer and head Kᵀ [a × length] and V [length × a], packed.
    private let packed: FrozenArray<Float>
    private let heads: Int
    private let keyCount: Int
    private let valueCount: Int

    init(_ configuration: StackConfiguration, length: Int, _ packed: FrozenArray<Float>) {
        self.length = length
        self.packed = packed
        heads = configuration.keyHeadCount
        keyCount = ck_gemm_packed_count(configuration.headWidth, length)
        valueCount = ck_gemm_packed_count(length, configuration.headWidth)
    }

    /// The floats of one layer of a source.
    static func layerCount(_ configuration: StackConfiguration, length: Int) -> Int {
        let a = configuration.headWidth
        return configuration.keyHeadCount
            * (ck_gemm_packed_count(a, length) + ck_gemm_packed_count(length, a))
    }

    func keys(layer: Int, head: Int) -> UnsafePointer<Float> {
        packed.unsafeBase + (layer * heads + head) * (keyCount + valueCount)
    }

    func values(layer: Int, head: Int) -> UnsafePointer<Float> { keys(layer: layer, head: head) + keyCount }

    /// Packs one layer of a source from its keys and values side by side, [length × 2·g·a].
    static func pack(
        _ configuration: StackConfiguration, length: Int, _ rows: UnsafePointer<Float>,
        into packed: UnsafeMutablePointer<Float>
    ) {
        let (a, k) = (configuration.headWidth, configuration.keyWidth)
        let keyCount = ck_gemm_packed_count(a, length)
        let headCount = keyCount + ck_gemm_packed_count(length, a)
        for head in 0..<configuration.keyHeadCount {
            let to = packed + head * headCount
            ck_gemm_pack(rows + head * a, 1, 2 * k, a, length, to)
            ck_gemm_pack(rows + k + head * a, 2 * k, 1, length, a, to + keyCount)
        }
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
        let sizes = lengths.map { CrossMemory.layerCount(configuration, length: $0) }
        let starts = sizes.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1 * weights.layers.count) }
        let firsts = lengths.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let product = ScratchBuffer(count: rows * width)
        // One piece of memory for all, so that it is in large pages.
        let packed = FrozenArray<Float>(count: starts[lengths.count]) { packed in
            guard let packed = packed.baseAddress else { return }
            for (index, layer) in weights.layers.enumerated() {
                layer.cross?.keyValue.apply(rows: rows, states, into: product.base, scratch.products)
                scratch.team.run(lengths.count) { source in
                    CrossMemory.pack(
                        configuration, length: lengths[source], product.base + firsts[source] * width,
                        into: packed + starts[source] + index * sizes[source])
                }
            }
        }
        return withExtendedLifetime(product) {
            lengths.indices.map {
                CrossMemory(configuration, length: lengths[$0], packed.slice(starts[$0]..<starts[$0 + 1]))
            }
        }
    }
}
