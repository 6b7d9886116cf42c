/// A query as terms with weights: a form of it that takes the place of its text where terms are searched for.
public struct WeightedTerms: Sendable, Equatable, Codable {
    public struct Term: Sendable, Equatable, Codable {
        public var term: String
        /// How often the term counts; 1 for a word that stands in the query once.
        public var weight: Float

        public init(_ term: String, weight: Float) { (self.term, self.weight) = (term, weight) }
    }

    /// Distinct, with weights above 0.
    public private(set) var terms: [Term]

    /// The terms of a text, each as often as it occurs, in the order in which they come first.
    public init(counting terms: [String]) {
        self.init(Self.distinct(terms).map { Term($0.term, weight: Float($0.count)) })
    }

    /// - Parameter terms: distinct; those that weigh nothing are left out.
    public init(_ terms: [Term]) { self.terms = terms.filter { $0.weight > 0 } }

    /// How much a term counts; 0 where it is none of them.
    public func weight(of term: String) -> Float { terms.first { $0.term == term }?.weight ?? 0 }

    /// The terms as they are, with other weights, and after them those that are new: weight falling, then by the bytes of the term.
    ///
    /// - Complexity: O(n log n) of both.
    public func reweighted(_ weights: [String: Double]) -> WeightedTerms {
        let own = Set(terms.map(\.term))
        let new = weights.filter { !own.contains($0.key) }
            .sorted { a, b in
                a.value != b.value ? a.value > b.value : a.key.utf8.lexicographicallyPrecedes(b.key.utf8)
            }
        return WeightedTerms(
            terms.map { Term($0.term, weight: Float(weights[$0.term] ?? 0)) }
                + new.map { Term($0.key, weight: Float($0.value)) })
    }

    private static func distinct(_ terms: [String]) -> [(term: String, count: Int)] {
        var places: [String: Int] = [:]
        var distinct: [(term: String, count: Int)] = []
        for term in terms {
            if let place = places[term] {
                distinct[place].count += 1
            } else {
                places[term] = distinct.count
                distinct.append((term, 1))
            }
        }
        return distinct
    }
}
