import Memory
import Tensors

extension ResidualQuantiser {
    /// The codes of a vector, one a level.
    ///
    /// - Parameter beam: how many partial codes are kept from level to level; 1 is greedy.
    package func encode(_ vector: [Float], beam: Int = 1) -> [UInt16] {
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
    package func encode(
        vectors: FrozenArray<Float>, beam: Int = 1, threads: Int = Parallel.cores
    ) -> FrozenArray<UInt16> {
        precondition(vectors.count % dimension == 0)
        let count = vectors.count / dimension
        let grain = 256
        let blocks = Parallel.map(count: (count + grain - 1) / grain, threads: threads) { block in
            if beam == 1 {
                return greedy(vectors, block * grain..<min(count, (block + 1) * grain))
            }
            return (block * grain..<min(count, (block + 1) * grain)).flatMap { row in
                encode(
                    vectors.slice(row * dimension..<(row + 1) * dimension).toArray(), beam: beam)
            }
        }
        return FrozenArray(Array(blocks.joined()))
    }

    /// The greedy codes of consecutive rows, with one product a level for all of them.
    private func greedy(_ vectors: FrozenArray<Float>, _ rows: Range<Int>) -> [UInt16] {
        var residuals = vectors.slice(rows.lowerBound * dimension..<rows.upperBound * dimension).toArray()
        var products = [Float](
            repeating: 0, count: rows.count * (codewordCounts.max() ?? 0))
        var codes = [UInt16](repeating: 0, count: rows.count * levelCount)
        for (place, level) in levels.enumerated() {
            let count = level.squares.count
            residuals.withUnsafeMutableBufferPointer { residuals in
                products.withUnsafeMutableBufferPointer { products in
                    guard let input = residuals.baseAddress, let output = products.baseAddress else {
                        return
                    }
                    level.packed.multiply(rows: rows.count, input, into: output)
                    for row in 0..<rows.count {
                        let code = level.nearest(output + row * count)
                        codes[row * levelCount + place] = UInt16(code)
                        let word = level.words.unsafeBase + code * dimension
                        let residual = input + row * dimension
                        for i in 0..<dimension { residual[i] -= word[i] }
                    }
                }
            }
        }
        return codes
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

extension ResidualQuantiser.Level {
    /// The codeword with the smallest |c|² - 2 r·c; ties go to the lowest number.
    func nearest(_ products: UnsafePointer<Float>) -> Int {
        var best = 0
        var lowest = Float.infinity
        for code in squares.indices {
            let error = squares[code] - 2 * products[code]
            if error < lowest {
                lowest = error
                best = code
            }
        }
        return best
    }
}
