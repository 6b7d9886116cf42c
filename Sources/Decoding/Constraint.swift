/// Says which tokens may follow: the seam between decoding and whatever knows which identifiers
/// exist (an FM-index, a docid tree, a list).
///
/// A state stands for a prefix; decoding carries it from token to token, so that no prefix is ever
/// walked again.
public protocol Constraint: Sendable {
    associatedtype State: Sendable

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
}

extension Constraint {
    public func isComplete(_ state: State) -> Bool { false }
}

/// Allows every token of a vocabulary.
public struct Unconstrained: Constraint {
    public let vocabularySize: Int

    public init(vocabularySize: Int) { self.vocabularySize = vocabularySize }

    public var initialState: Void { () }

    public func advance(_ state: Void, by token: Int32) -> Void? {
        token >= 0 && Int(token) < vocabularySize ? () : nil
    }

    public func branching(of state: Void) -> Int { vocabularySize }

    public func forEachAllowed(in state: Void, _ body: (Int32, Void) -> Void) {
        for token in 0..<Int32(vocabularySize) { body(token, ()) }
    }
}
