/// Allows what two constraints both allow.
///
/// The state is the pair of states. A prefix is complete as soon as one of the two says so, since
/// then nothing may follow it. Enumerates the side with fewer tokens and tests them on the other in
/// one batched advance; a step that is wide on both sides tests the model's best tokens.
public struct Intersection<First: Constraint, Second: Constraint>: Constraint {
    public struct State: Sendable {
        public var first: First.State
        public var second: Second.State

        public init(first: First.State, second: Second.State) {
            self.first = first
            self.second = second
        }
    }

    public let first: First
    public let second: Second

    public init(_ first: First, _ second: Second) {
        self.first = first
        self.second = second
    }

    public var initialState: State { State(first: first.initialState, second: second.initialState) }

    public func advance(_ state: State, by token: Int32) -> State? {
        guard let one = first.advance(state.first, by: token),
            let two = second.advance(state.second, by: token)
        else { return nil }
        return State(first: one, second: two)
    }

    /// Only what the first constraint allows is tested on the second.
    public func advance(_ states: [State], by tokens: [Int32]) -> [State?] {
        var result = [State?](repeating: nil, count: states.count)
        let ones = first.advance(states.map(\.first), by: tokens)
        let places = ones.indices.filter { ones[$0] != nil }
        let twos = second.advance(places.map { states[$0].second }, by: places.map { tokens[$0] })
        for (place, two) in zip(places, twos) {
            if let one = ones[place], let two { result[place] = State(first: one, second: two) }
        }
        return result
    }

    /// The smaller of the two bounds.
    public func branching(of state: State) -> Int {
        min(first.branching(of: state.first), second.branching(of: state.second))
    }

    public func forEachAllowed(in state: State, _ body: (Int32, State) -> Void) {
        if first.branching(of: state.first) <= second.branching(of: state.second) {
            let (tokens, ones) = first.allowed(in: state.first)
            let twos = second.advance(tokens.map { _ in state.second }, by: tokens)
            for (place, two) in twos.enumerated() {
                if let two { body(tokens[place], State(first: ones[place], second: two)) }
            }
        } else {
            let (tokens, twos) = second.allowed(in: state.second)
            let ones = first.advance(tokens.map { _ in state.first }, by: tokens)
            for (place, one) in ones.enumerated() {
                if let one { body(tokens[place], State(first: one, second: twos[place])) }
            }
        }
    }

    public func isComplete(_ state: State) -> Bool {
        first.isComplete(state.first) || second.isComplete(state.second)
    }
}
