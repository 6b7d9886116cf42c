import Decoding
import FMIndex

/// Allows the n-grams that occur in any of several segments: what one index of the whole corpus allows.
///
/// The state is one of each segment that holds the prefix.
struct UnionNgramConstraint: Constraint {
    struct State: Sendable {
        /// Nil where a segment does not hold the prefix.
        var parts: [NgramConstraint.State?]

        /// How often the prefix occurs in all segments.
        var count: Int { parts.reduce(0) { $0 + ($1?.rows.count ?? 0) } }
    }

    /// One a segment, of one view.
    private let parts: [NgramConstraint]
    /// A sequence that occurs at most so often is not continued.
    private let stopAtCount: Int

    init(_ parts: [NgramConstraint]) {
        self.parts = parts.map { part in
            var part = part
            // One segment's count decides nothing.
            part.stopAtCount = 0
            return part
        }
        stopAtCount = parts.first?.stopAtCount ?? 0
    }

    var initialState: State { State(parts: parts.map(\.initialState)) }

    private func isClosed(_ state: State) -> Bool {
        isComplete(state)
            || (stopAtCount > 0 && state.count <= stopAtCount
                && !zip(parts, state.parts).allSatisfy { $0.initialState == $1 })
    }

    func isComplete(_ state: State) -> Bool { state.parts.contains { $0?.isComplete == true } }

    func advance(_ state: State, by token: Int32) -> State? { advance([state], by: [token])[0] }

    func advance(_ states: [State], by tokens: [Int32]) -> [State?] {
        let open = states.indices.filter { !isClosed(states[$0]) }
        var result = [State?](repeating: nil, count: states.count)
        for (segment, part) in parts.enumerated() {
            let held = open.filter { states[$0].parts[segment] != nil }
            let next = part.advance(held.compactMap { states[$0].parts[segment] }, by: held.map { tokens[$0] })
            for (place, next) in zip(held, next) where next != nil {
                set(&result[place], segment, next)
            }
        }
        return result
    }

    private func set(_ state: inout State?, _ segment: Int, _ part: NgramConstraint.State?) {
        if state == nil { state = State(parts: Array(repeating: nil, count: parts.count)) }
        state?.parts[segment] = part
    }

    func branching(of state: State) -> Int {
        zip(parts, state.parts).reduce(0) { sum, pair in sum + (pair.1.map { pair.0.branching(of: $0) } ?? 0) }
    }

    func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        guard !isClosed(state) else { return }
        var allowed: [Int32: State] = [:]
        for (segment, part) in parts.enumerated() {
            guard let own = state.parts[segment] else { continue }
            part.forEachAllowed(in: own) { token, next in set(&allowed[token], segment, next) }
        }
        for (token, next) in allowed.sorted(by: { $0.key < $1.key }) { body(token, next) }
    }

    func makeWorkspace() -> [ExtensionSearch] { parts.map { $0.makeWorkspace() } }

    /// What is among the best of all is among the best of a segment that holds it.
    func best(
        _ k: Int, of beams: [DenseBeam<State>], minimum: Float, workspace: inout [ExtensionSearch]
    ) -> [Candidate<State>] {
        let open = beams.filter { !isClosed($0.state) }
        let places = Dictionary(uniqueKeysWithValues: open.map { ($0.beam, $0) })
        var found: [UInt64: (beam: Int, token: Int32, logProb: Float)] = [:]
        for (segment, part) in parts.enumerated() {
            let held = open.compactMap { beam in
                beam.state.parts[segment].map {
                    DenseBeam(beam: beam.beam, state: $0, logProb: beam.logProb, scores: beam.scores)
                }
            }
            for item in part.best(k, of: held, minimum: minimum, workspace: &workspace[segment]) {
                found[UInt64(item.beam) << 32 | UInt64(UInt32(bitPattern: item.token))] =
                    (item.beam, item.token, item.logProb)
            }
        }
        let chosen = found.values.sorted { a, b in
            if a.logProb != b.logProb { return a.logProb > b.logProb }
            return a.beam != b.beam ? a.beam < b.beam : a.token < b.token
        }.prefix(k)
        let states = advance(chosen.compactMap { places[$0.beam]?.state }, by: chosen.map(\.token))
        return zip(chosen, states).compactMap { item, state in
            state.map { Candidate(beam: item.beam, token: item.token, logProb: item.logProb, state: $0) }
        }
    }
}
