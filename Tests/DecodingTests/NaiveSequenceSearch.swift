import Decoding

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The literal model of a search for whole sequences: lists, sorts and cuts everything, and goes
/// over all that was said at every step.
struct NaiveSequenceSearch {
    var options: SequenceSearch.Options
    var vocabulary: Int32
    var logProb: ([Int32], Int32) -> Float
    var isAllowed: ([Int32]) -> Bool
    var isComplete: ([Int32]) -> Bool

    struct Sequence {
        var tokens: [Int32]
        var logProb: Float
        var score: Float = 0
    }

    struct Group {
        var beams = [Sequence(tokens: [], logProb: 0)]
        var finished: [Sequence] = []
        var isDone = false
    }

    func run() -> [Sequence] {
        var groups = [Group](repeating: Group(), count: options.groups)
        for length in 0..<options.maximumLength {
            var chosen: [Int32] = []
            for index in groups.indices where !groups[index].isDone {
                chosen += step(&groups[index], length, chosen)
            }
        }
        return stable(groups.flatMap(\.finished)) { $0.score > $1.score }
    }

    private func step(_ group: inout Group, _ length: Int, _ earlier: [Int32]) -> [Int32] {
        let count = options.beams / options.groups
        var all: [Sequence] = []
        for beam in group.beams {
            for token in 0..<vocabulary where isAllowed(beam.tokens + [token]) {
                let score = score(beam.tokens, token, length, earlier)
                guard score > -.infinity else { continue }
                all.append(.init(tokens: beam.tokens + [token], logProb: beam.logProb + score))
            }
        }
        all = stable(all) { $0.logProb > $1.logProb }
        func isEnd(_ item: Sequence) -> Bool {
            options.ends.contains(item.tokens.last!) || isComplete(item.tokens)
        }
        let isLast = length + 1 == options.maximumLength
        let divisor = pow(Float(length + 1), options.lengthPenalty)
        for item in all.prefix(count) where isLast || isEnd(item) {
            let score = item.logProb / divisor
            group.finished.append(.init(tokens: item.tokens, logProb: item.logProb, score: score))
        }
        group.finished = Array(stable(group.finished) { $0.score > $1.score }.prefix(count))
        let open = Array(all.filter { !isEnd($0) }.prefix(count))
        group.beams = isLast ? [] : open
        group.isDone = isOver(group, length + 1, count, best: all.first)
        return open.map { $0.tokens.last! }
    }

    private func isOver(_ group: Group, _ length: Int, _ count: Int, best: Sequence?) -> Bool {
        guard let first = group.beams.first else { return true }
        guard group.finished.count == count else { return false }
        if options.beams == 1 { return true }
        let highest = (options.groups > 1 ? best : nil) ?? first
        switch options.stopping {
        case .whenFull: return true
        case .whenWorse:
            return highest.logProb / pow(Float(length), options.lengthPenalty) <= group.finished.last!.score
        case .whenHopeless:
            let reached = options.lengthPenalty > 0 ? options.maximumLength : length
            return highest.logProb / pow(Float(reached), options.lengthPenalty) <= group.finished.last!.score
        }
    }

    private func score(_ prefix: [Int32], _ token: Int32, _ length: Int, _ earlier: [Int32]) -> Float {
        if length == options.maximumLength - 1, let last = options.forcedLast {
            return token == last ? 0 : -.infinity
        }
        if length == 0, let first = options.forcedFirst { return token == first ? 0 : -.infinity }
        if length < options.minimumLength, options.ends.contains(token) { return -.infinity }
        var score = logProb(prefix, token)
        for other in earlier where other == token { score -= options.diversityPenalty }
        return Self.repetition(options.repetition, score, prefix, token)
    }

    /// The rules of ``Repetition``, read from their definition.
    static func repetition(_ rule: Repetition, _ score: Float, _ prefix: [Int32], _ token: Int32) -> Float {
        let said = rule.before + prefix
        var score = score
        if said.contains(token) { score = score < 0 ? score * rule.penalty : score / rule.penalty }
        let size = rule.noRepeatNgramSize
        if size > 0, said.count >= size {
            let new = Array((said + [token]).suffix(size))
            for start in 0...said.count - size where Array(said[start..<start + size]) == new {
                return -.infinity
            }
        }
        return score
    }

    private func stable(_ items: [Sequence], _ precedes: (Sequence, Sequence) -> Bool) -> [Sequence] {
        items.enumerated().sorted { a, b in
            precedes(a.element, b.element) || (!precedes(b.element, a.element) && a.offset < b.offset)
        }.map(\.element)
    }
}
