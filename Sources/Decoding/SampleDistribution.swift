import Memory

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The shares of a step's choices, which come in falling score.
struct SampleDistribution {
    /// One share a choice that may be drawn, up to a factor; the first of the choices.
    private(set) var shares: [Double]
    private(set) var total: Double

    /// - Parameter logProbs: falling.
    init(_ logProbs: [Float], _ options: Sampling.Options) {
        let highest = Double(logProbs.first ?? 0)
        let temperature = Double(options.temperature)
        shares =
            temperature > 0
            ? logProbs.map { exp((Double($0) - highest) / temperature) } : logProbs.prefix(1).map { _ in 1 }
        total = shares.reduce(0, +)
        guard options.topP < 1 else { return }
        let wanted = Double(max(options.topP, 0)) * total
        var sum = 0.0
        let last = shares.firstIndex { share in
            sum += share
            return sum >= wanted
        }
        if let last {
            shares.removeLast(shares.count - last - 1)
            total = sum
        }
    }

    /// The place of a choice; nil when there is none.
    func draw(_ generator: inout SeededGenerator) -> Int? {
        guard !shares.isEmpty else { return nil }
        var left = generator.unit() * total
        for (place, share) in shares.enumerated() {
            left -= share
            if left < 0 { return place }
        }
        // Rounding left a little.
        return shares.lastIndex { $0 > 0 }
    }
}
