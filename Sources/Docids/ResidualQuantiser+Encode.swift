import Memory
import Tensors

extension ResidualQuantiser {
    /// The codes of a vector, one a level.
    ///
    /// - Parameter beam: how many partial codes are kept from level to level; 1 is greedy.
    public func encode(_ vector: [Float], beam: Int = 1) -> [UInt16] {
        precondition(vector.count == dimension && beam >= 1)
        var candidates = [Candidate(residual: vector, codes: [], error: 0)]
        var products: [Float] = []
        for level in levels {
            let count = level.squares.count
            products = [Float](repeating: 0, count: candidates.count * count)
            let residuals = candidates.flatMap(\.residual)
            residuals.withUnsafeBufferPointer { input in
                products.withUnsafeMutableBufferPointer { output in
                    guard let input = input.baseAddress, let output = output.baseAddress else { return }
                    level.packed.multiply(rows: candidates.count, input, into: output)
                }
            }
            candidates = best(beam, candidates, products, level)
        }
        return candidates[0].codes
    }

    /// The codes of `vectors`, [count × dimension], as [count × levels].
    public func encode(
        vectors: FrozenArray<Float>, beam: Int = 1, threads: Int = Parallel.cores
    ) -> FrozenArray<UInt16> {
        precondition(vectors.count % dimension == 0)
        let count = vectors.count / dimension
        let grain = 256
        let blocks = Parallel.map(count: (count + grain - 1) / grain, threads: threads) { block in
            (block * grain..<min(count, (block + 1) * grain)).flatMap { row in
                encode(
                    vectors.slice(row * dimension..<(row + 1) * dimension).toArray(), beam: beam)
            }
        }
        return FrozenArray(Array(blocks.joined()))
    }

    /// A partial code; `error` is the squared length of the residual, less the vector's own.
    private struct Candidate {
        var residual: [Float]
        var codes: [UInt16]
        var error: Float
    }

    /// The extensions with the smallest errors: |r - c|² = |r|² - 2 r·c + |c|².
    private func best(
        _ beam: Int, _ candidates: [Candidate], _ products: [Float], _ level: Level
    ) -> [Candidate] {
        let count = level.squares.count
        var kept: [(error: Float, candidate: Int, code: Int)] = []
        for (index, candidate) in candidates.enumerated() {
            for code in 0..<count {
                let error = candidate.error - 2 * products[index * count + code] + level.squares[code]
                if kept.count == beam {
                    guard error < kept[beam - 1].error else { continue }
                    kept.removeLast()
                }
                // Equal errors keep the order of their codes.
                let place = kept.firstIndex { error < $0.error } ?? kept.count
                kept.insert((error, index, code), at: place)
            }
        }
        return kept.map { choice in
            var next = candidates[choice.candidate]
            next.codes.append(UInt16(choice.code))
            next.error = choice.error
            let start = choice.code * dimension
            for i in 0..<dimension { next.residual[i] -= level.words[start + i] }
            return next
        }
    }
}
