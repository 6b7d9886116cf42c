import Foundation
import Rerankers
import Search

/// The options of a retriever or reranker. All have defaults, so that a request names only what it changes.
public protocol ComponentOptions: Codable, Sendable, Equatable {
    init()

    /// The first value that is out of its range; nil where all are sound.
    func fault(_ limits: SearchLimits) -> OptionFault?
}

extension ComponentOptions {
    public func fault(_ limits: SearchLimits) -> OptionFault? { nil }
}

/// Options of a component that has none.
public struct NoOptions: ComponentOptions {
    public init() {}
}

/// An option that does not exist, or a value of one that cannot be.
public struct OptionFault: Error, Sendable, Equatable {
    /// The option, with what it is part of: "ngram.beams".
    public var member: String
    /// What it must be: "1 to 1000000".
    public var expected: String
    /// The names that exist in the place of one that does not; nil where the value is at fault.
    public var known: [String]?

    public init(_ member: String, _ expected: String) { (self.member, self.expected) = (member, expected) }

    /// A name that does not exist.
    package init(unknown member: String, known: [String]) {
        self.init(member, known.isEmpty ? "left out" : "one of \(known.joined(separator: ", "))")
        self.known = known
    }

    /// With the name of what the option is part of.
    func inside(_ name: String) -> OptionFault {
        var fault = self
        fault.member = "\(name).\(member)"
        return fault
    }
}

/// How far the numbers of a request may go: a person at a terminal may wait, a stranger on a network may not.
public struct SearchLimits: Sendable, Equatable {
    public var hits: Int
    public var depth: Int
    public var beams: Int
    public var keyLength: Int
    public var rerank: Int
    /// The ways in which language models may rerank, which takes seconds and reads files that an option names; nil for any.
    public var rerankMethods: Set<String>? = []

    public static let local = SearchLimits(
        hits: 1_000_000, depth: 1_000_000, beams: 1_000_000, keyLength: 1_000_000, rerank: 1_000_000,
        rerankMethods: nil)
    public static let network = SearchLimits(hits: 1_000, depth: 10_000, beams: 1_000, keyLength: 32, rerank: 200)

    /// - Parameter name: of the member that names a way.
    package func check(method: String, _ name: String) -> OptionFault? {
        if let rerankMethods, !rerankMethods.contains(method) {
            return OptionFault(
                name,
                rerankMethods.isEmpty ? "left out here" : "one of \(rerankMethods.sorted().joined(separator: "; "))")
        }
        do { _ = try RerankSpec(method) } catch {
            return OptionFault(name, "a method, METHOD or METHOD:MODEL: \(error)")
        }
        return nil
    }

    /// The first fault of some numbers.
    static func fault(_ checks: (name: String, value: Int?, range: ClosedRange<Int>)...) -> OptionFault? {
        for (name, value, range) in checks {
            if let value, !range.contains(value) {
                return OptionFault(name, "\(range.lowerBound) to \(range.upperBound)")
            }
        }
        return nil
    }
}
