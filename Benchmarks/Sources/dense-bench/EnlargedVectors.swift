import Docids
import Memory
import Tensors

/// More vectors like those that there are: the mean of a cluster of real ones and what another's member differs from its mean
/// by, of length one. Their spectrum is that of the real vectors; their finer clusters are not.
struct EnlargedVectors {
    let real: FrozenArray<Float>
    let dimension: Int
    let seed: UInt64

    /// The real vectors, and recombined ones behind them up to `count`.
    func vectors(_ count: Int) -> FrozenArray<Float> {
        let (d, own) = (dimension, real.count / dimension)
        let clustering = KMeans(seed: seed).cluster(real, dimension: d, k: max(1, own / 48))
        var random = SeededGenerator(seed: seed)
        return FrozenArray(count: count * d) { output in
            for row in 0..<count {
                let target = UnsafeMutableBufferPointer(rebasing: output[row * d..<(row + 1) * d])
                if row < own {
                    for i in 0..<d { target[i] = real[row * d + i] }
                    continue
                }
                let near = Array(clustering.centroids.row(Int(clustering.assignment[Int(random.next() % UInt64(own))])))
                let other = Int(random.next() % UInt64(own))
                let mean = Array(clustering.centroids.row(Int(clustering.assignment[other])))
                var square: Float = 0
                for i in 0..<d {
                    target[i] = near[i] + real[other * d + i] - mean[i]
                    square += target[i] * target[i]
                }
                let scale = square > 0 ? 1 / square.squareRoot() : 0
                for i in 0..<d { target[i] *= scale }
            }
        }
    }
}
