/// Asks whether work is still wanted: a person may interrupt it, a deadline pass, a connection close.
///
/// Long work asks between its steps. What is asked is cheap, and may be asked from any thread.
public struct Cancellation: Sendable {
    private let check: (@Sendable () -> Bool)?

    /// Work that nothing ends.
    public static let never = Cancellation(check: nil)

    private init(check: (@Sendable () -> Bool)?) { self.check = check }

    /// - Parameter isRaised: true as soon as the work is no longer wanted.
    public init(_ isRaised: @escaping @Sendable () -> Bool) { self.init(check: isRaised) }

    /// Ends work at a time.
    public init(deadline: ContinuousClock.Instant) {
        self.init { ContinuousClock.now >= deadline }
    }

    /// Whether the work should end.
    public var isRaised: Bool { check?() ?? false }

    /// Ends work as soon as either does.
    public func or(_ other: Cancellation) -> Cancellation {
        guard let check else { return other }
        guard let second = other.check else { return self }
        return Cancellation { check() || second() }
    }

    /// - Throws: ``Cancelled`` when the work should end.
    public func throwIfRaised() throws(Cancelled) {
        if isRaised { throw Cancelled() }
    }
}

/// Work ended because nobody wanted it any more.
public struct Cancelled: Error, Sendable, Equatable {
    public init() {}
}
