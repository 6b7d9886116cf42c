import Engine

extension EncoderBudget {
    /// How many passages are encoded for static vectors to be fitted to: so many as usual, or fewer where fewer are asked for.
    func sample(_ usual: Int) -> Int {
        if case .passages(let count) = self, count > 0 { min(usual, max(count, 100)) } else { usual }
    }

    /// Whether so many passages are encoded for sure.
    func isEnough(for count: Int) -> Bool {
        switch self {
        case .all: true
        case .passages(let most): most >= count
        case .minutes: false
        }
    }

    /// How many of so many passages a build is likely to encode.
    package func encoded(of passages: Int, secondsEach seconds: Double) -> Int {
        let room =
            switch self {
            case .all: passages
            case .passages(let count): count
            case .minutes(let minutes): Int(min(Double(passages), 60 * minutes / max(seconds, 1e-6)))
            }
        return min(passages, max(room, sample(VectorStage.sample.least)))
    }

    /// How many passages more may be encoded.
    func left(after done: Int, _ seconds: Double) -> Int {
        switch self {
        case .all: .max
        case .passages(let count): max(0, count - done)
        case .minutes(let minutes): seconds < 60 * minutes ? .max : 0
        }
    }

    mutating func spend(_ passages: Int, _ seconds: Double) {
        switch self {
        case .all: break
        case .passages(let count): self = .passages(max(0, count - passages))
        case .minutes(let minutes): self = .minutes(max(0, minutes - seconds / 60))
        }
    }
}
