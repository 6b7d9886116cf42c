/// Says which tokens may follow: the seam between decoding and whatever knows which identifiers
/// exist (an FM-index, a docid tree, a list).
///
/// A state stands for a prefix; decoding carries it from token to token, so that no prefix is ever
/// walked again. Only the first six members are needed; the batched ones have defaults that a
/// constraint overrides when it can do better for many beams together.
public protocol Constraint: Sendable {
    associatedtype State: Sendable
    /// Memory that one search keeps from step to step.
    associatedtype Workspace = Void

    /// The state of the empty prefix.
    var initialState: State { get }

    /// The state after one more token, or nil when the token is not allowed.
    func advance(_ state: State, by token: Int32) -> State?

    /// An upper bound of the number of tokens that are allowed in `state`. Decides whether a step
    /// enumerates the allowed tokens or tests the model's tokens one by one.
    func branching(of state: State) -> Int

    /// Every allowed token with the state it leads to, in rising token order.
    func forEachAllowed(in state: State, _ body: (Int32, State) -> Void)

    /// Whether the prefix is a whole identifier that nothing may follow.
    func isComplete(_ state: State) -> Bool

    func makeWorkspace() -> Workspace

    /// Advances many states, each by its token; nil where the token is not allowed.
    func advance(_ states: [State], by tokens: [Int32]) -> [State?]

    /// The best `k` allowed extensions of beams with a score for every token: score falling, then
    /// beam, then token rising. Those that score `minimum` or less are left out. Exact.
    func best(
        _ k: Int, of beams: [DenseBeam<State>], minimum: Float, workspace: inout Workspace
    ) -> [Candidate<State>]
}

/// A beam whose model scores the whole vocabulary.
public struct DenseBeam<State: Sendable> {
    /// Its place among the step's beams.
    public var beam: Int
    public var state: State
    public var logProb: Float
    /// One score a token; valid during the call.
    public var scores: UnsafeBufferPointer<Float>

    public init(beam: Int, state: State, logProb: Float, scores: UnsafeBufferPointer<Float>) {
        self.beam = beam
        self.state = state
        self.logProb = logProb
        self.scores = scores
    }
}

/// An allowed extension of a beam.
public struct Candidate<State: Sendable>: Sendable {
    public var beam: Int
    public var token: Int32
    /// The sum over all tokens.
    public var logProb: Float
    public var state: State

    public init(beam: Int, token: Int32, logProb: Float, state: State) {
        self.beam = beam
        self.token = token
        self.logProb = logProb
        self.state = state
    }

    /// Score falling, then beam, then token rising.
    static func precedes(_ a: Candidate, _ b: Candidate) -> Bool {
        if a.logProb != b.logProb { return a.logProb > b.logProb }
        return a.beam != b.beam ? a.beam < b.beam : a.token < b.token
    }
}

extension Constraint where Workspace == Void {
    public func makeWorkspace() {}
}

extension Constraint {
    public func isComplete(_ state: State) -> Bool { false }

    public func advance(_ states: [State], by tokens: [Int32]) -> [State?] {
        zip(states, tokens).map { advance($0, by: $1) }
    }

    /// Every allowed token with the state it leads to, in rising token order.
    func allowed(in state: State) -> (tokens: [Int32], states: [State]) {
        var (tokens, states): ([Int32], [State]) = ([], [])
        forEachAllowed(in: state) { token, next in
            tokens.append(token)
            states.append(next)
        }
        return (tokens, states)
    }
}
