import Memory

/// A query as codes are compared with it: rotated, in words of 16 bits for rows of bytes, and in tables for signs.
package struct CodedQuery: Sendable {
    /// The rotated query is `scale * words`.
    package let words: [Int16]
    package let scale: Float
    /// The sum of the words.
    let sum: Int32
    /// Its length.
    let norm: Float
    /// For each group of four components what each of their 16 patterns of signs adds up to, in steps, from the group's
    /// least on.
    let tables: [UInt8]
    /// Sums of table entries are `step * sum + least`.
    let step: Float
    let least: Float
    /// What the sum of all components is.
    let total: Float

    /// - Parameter vector: as the encoder gives it.
    package init(_ vector: [Float], _ rotation: Rotation) {
        precondition(vector.count == rotation.dimension)
        var rotated = vector
        rotated.withUnsafeMutableBufferPointer { if let base = $0.baseAddress { rotation.rotate(base) } }
        let largest = rotated.reduce(Float(0)) { max($0, abs($1)) }
        // No sum of products with bytes may leave 32 bits.
        let most = Float(min(Int(Int16.max), Int(Int32.max) / (128 * rotated.count)))
        let factor = largest > 0 ? most / largest : 0
        // What is no number, as a damaged model may give it, is none here.
        words = rotated.map {
            let whole = ($0 * factor).rounded(.toNearestOrEven)
            return abs(whole) <= most ? Int16(whole) : 0
        }
        scale = largest / most
        sum = words.reduce(Int32(0)) { $0 + Int32($1) }
        norm = rotated.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        total = rotated.reduce(0, +)
        let groups = SignCodes.groups(rotated.count)
        var sums = [Float](repeating: 0, count: 16 * groups)
        var least: Float = 0
        var widest: Float = 0
        for group in 0..<groups {
            var (low, high) = (Float(0), Float(0))
            for pattern in 0..<16 {
                var sum: Float = 0
                for bit in 0..<4 where pattern >> bit & 1 != 0 && 4 * group + bit < rotated.count {
                    sum += rotated[4 * group + bit]
                }
                sums[16 * group + pattern] = sum
                (low, high) = (min(low, sum), max(high, sum))
            }
            for pattern in 0..<16 { sums[16 * group + pattern] -= low }
            least += low
            widest = max(widest, high - low)
        }
        // Two entries share a byte, and all that are added 16 bits.
        let top = Float(min(127, 65_535 / groups))
        let unit = widest > 0 ? top / widest : 0
        tables = sums.map {
            let whole = ($0 * unit).rounded(.toNearestOrEven)
            return whole <= top ? UInt8(whole) : 0
        }
        step = widest / top
        self.least = least
    }
}
