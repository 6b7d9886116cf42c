import Memory

/// The work on one query: its budget, its random choices, and what it has taken. Used by one task at a time.
public final class RerankWork {
    /// When a method must come to an end; what it has not reached stays below.
    public enum Budget: Sendable, Equatable {
        case none
        /// Tokens read and generated, for a query. The same tokens give the same order everywhere.
        case tokens(Int)
        /// For a query. How far a method comes in that time depends on the machine.
        case seconds(Double)
    }

    public let cancellation: Cancellation
    public internal(set) var cost = RerankCost()
    package var random: SeededGenerator
    private let budget: Budget
    private let begun = ContinuousClock.now

    /// - Parameter seed: with the query's own number, so that a run can be repeated and its queries be asked in any order.
    public init(budget: Budget = .none, seed: UInt64 = 1, query: UInt64 = 0, cancellation: Cancellation = .never) {
        self.budget = budget
        self.cancellation = cancellation
        random = SeededGenerator(seed: seed, stream: query)
    }

    /// Whether there is a budget, so that steps should be small.
    var isBounded: Bool { budget != .none }

    /// The budget has no room for the next step.
    struct Spent: Error {}

    /// Before a step that reads so many tokens.
    ///
    /// - Throws: ``Spent``, `Cancelled`.
    func begin(readingAtMost tokens: Int) throws {
        try cancellation.throwIfRaised()
        switch budget {
        case .none: return
        case .tokens(let most): if cost.readTokens + cost.generatedTokens + tokens <= most { return }
        case .seconds(let most): if (ContinuousClock.now - begun) / .seconds(1) < most { return }
        }
        throw Spent()
    }

    /// Runs steps until they are done or the budget is.
    func whileBudgetLasts(_ steps: () throws -> Void) throws {
        do { try steps() } catch is Spent { cost.cutShort += 1 }
    }
}
