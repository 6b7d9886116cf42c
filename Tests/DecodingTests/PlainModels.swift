import Decoding
import TestSupport

/// Allows the prefixes of a list of sequences; the whole ones are complete.
struct ListConstraint: Constraint {
    var sequences: Set<[Int32]>
    let prefixes: Set<[Int32]>

    init(_ sequences: [[Int32]]) {
        self.sequences = Set(sequences)
        prefixes = Set(sequences.flatMap { s in (0...s.count).map { Array(s.prefix($0)) } })
    }

    var initialState: [Int32] { [] }
    func advance(_ state: [Int32], by token: Int32) -> [Int32]? {
        prefixes.contains(state + [token]) ? state + [token] : nil
    }
    func branching(of state: [Int32]) -> Int {
        prefixes.count { $0.count == state.count + 1 && $0.starts(with: state) }
    }
    func forEachAllowed(in state: [Int32], _ body: (Int32, [Int32]) -> Void) {
        for prefix in prefixes.filter({ $0.count == state.count + 1 && $0.starts(with: state) })
            .sorted(by: { $0[state.count] < $1[state.count] })
        {
            body(prefix[state.count], prefix)
        }
    }
    func isComplete(_ state: [Int32]) -> Bool { sequences.contains(state) }
}

/// A table of numbers: log-probabilities drawn from a hash of the prefix, with many equal values.
struct TableModel: StepModel {
    let vocabulary: Int32
    let seed: UInt64
    let isSparse: Bool

    var initialState: [Int32] { [] }

    func logProb(_ prefix: [Int32], _ token: Int32) -> Float {
        var random = SeededGenerator(
            seed: prefix.reduce(seed) { $0 &* 31 &+ UInt64($1) &+ 1 } &* 131 &+ UInt64(token))
        let level = Int.random(in: 0...9, using: &random)
        return level == 9 ? -.infinity : -Float(level) / 4
    }

    func score(_ states: [[Int32]], into scores: inout StepScores) {
        for state in states {
            let row = (0..<vocabulary).map { logProb(state, $0) }
            if isSparse {
                let possible = row.enumerated().filter { $0.element > -.infinity }
                scores.addSparse(possible.map { (token: Int32($0.offset), logProb: $0.element) })
            } else {
                scores.addDense(row)
            }
        }
    }

    func advance(_ state: [Int32], by token: Int32) -> [Int32] { state + [token] }
}
