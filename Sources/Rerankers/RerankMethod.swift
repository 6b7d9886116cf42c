/// A way to order texts for a query by a model: one file a method, and a line in ``RerankMethods``.
///
/// A method says what it found as places in the list it was given. What it does not reach it leaves out: ``RerankOutcome`` puts
/// that below, in the order in which it came, so that no method can lose or double a text.
public protocol RerankMethod: Sendable {
    /// Texts come best first by the search before.
    ///
    /// - Returns: places, best first, each with a score where the method scores; what was reached when the budget ended.
    /// - Throws: `Cancelled`, and what the model throws.
    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked]
}

/// A text's place in the list that a method was given, with its score; a method that only orders has none.
public struct Ranked: Sendable, Equatable {
    public var place: Int
    public var score: Double?

    public init(_ place: Int, _ score: Double? = nil) { (self.place, self.score) = (place, score) }
}

extension [Ranked] {
    /// By score falling, then by the order before.
    package static func sorted(_ scores: [Double]) -> [Ranked] {
        scores.indices.map { Ranked($0, scores[$0]) }.sorted {
            ($0.score ?? 0, $1.place) > ($1.score ?? 0, $0.place)
        }
    }
}
