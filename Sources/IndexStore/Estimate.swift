import Foundation
import Search
import Storage

/// Something estimated for an index, and what it was estimated with: it is void as soon as one of its inputs
/// is gone, without anybody taking it out.
public struct Estimate<Value: Codable & Sendable>: Sendable {
    public var value: Value
    public var inputs: [EstimateInput]
    /// How many judged queries it was estimated on.
    public var queries: Int
    /// What the value reaches on them, and what is reached without it.
    public var objective: Double
    public var baseline: Double?

    public init(
        _ value: Value, inputs: [EstimateInput], queries: Int, objective: Double, baseline: Double? = nil
    ) {
        self.value = value
        self.inputs = inputs
        self.queries = queries
        self.objective = objective
        self.baseline = baseline
    }
}

/// A part or another estimate that an estimate was made with.
public struct EstimateInput: Codable, Sendable, Hashable {
    /// The kind of the part, or the id of the estimate.
    public var kind: ComponentID
    /// Its digest; nil where there was none, which is an input too: one that comes voids the estimate.
    public var sha256: String?

    public init(kind: ComponentID, sha256: String?) { (self.kind, self.sha256) = (kind, sha256) }
}

/// An estimate as the manifest holds it.
public struct EstimateRecord: Codable, Sendable, Equatable {
    public var id: ComponentID
    public var value: JSONTree
    public var inputs: [EstimateInput]
    public var queries: Int
    public var objective: Double
    public var baseline: Double?
    /// The generation that it came with; nil for 1.
    public var generation: Int?
    /// How many passages the index had then; nil where nobody noted it.
    public var passages: Int?

    init(id: ComponentID, value: JSONTree, inputs: [EstimateInput], queries: Int, objective: Double, baseline: Double?)
    {
        (self.id, self.value, self.inputs) = (id, value, inputs.sorted { $0.kind < $1.kind })
        (self.queries, self.objective, self.baseline) = (queries, objective, baseline)
    }

    /// - Throws: what the value's encoding throws.
    package init<Value>(_ estimate: Estimate<Value>, as id: ComponentID) throws {
        self.init(
            id: id, value: try JSONTree(encoding: estimate.value), inputs: estimate.inputs, queries: estimate.queries,
            objective: estimate.objective, baseline: estimate.baseline)
    }

    /// Over all that makes it what it is, which the time when it came is not.
    public var sha256: String {
        var own = self
        (own.generation, own.passages) = (nil, nil)
        // A tree of values always encodes.
        let bytes = (try? JSONTree.bytes(of: own)) ?? Data()
        return bytes.withUnsafeBytes { SHA256.hex(of: $0) }
    }

    /// The kinds that must be there for it.
    var present: Set<ComponentID> { Set(inputs.filter { $0.sha256 != nil }.map(\.kind)) }
}

extension IndexManifest {
    /// Whether all that an estimate was made with is what the index has.
    public func isValid(_ estimate: EstimateRecord) -> Bool { lost(of: estimate).isEmpty }

    /// What an estimate was made with that is not what the index has; nothing where the estimate is valid.
    public func lost(of estimate: EstimateRecord) -> [ComponentID] {
        estimate.inputs.filter { !holds($0, of: estimate) }.map(\.kind)
    }

    private func holds(_ input: EstimateInput, of estimate: EstimateRecord) -> Bool {
        if let part = part(input.kind) { return part.sha256 == input.sha256 }
        let others = estimates.filter { $0.id == input.kind && $0.id != estimate.id && isValid($0) }
        guard let digest = input.sha256 else { return others.isEmpty }
        return others.contains { $0.sha256 == digest }
    }

    /// The estimate that fits a search best: valid, made with nothing but what the search uses, and with the
    /// most of that.
    ///
    /// - Parameter used: the kinds of parts, and ids of estimates, that the search uses.
    public func estimate(_ id: ComponentID, using used: Set<ComponentID>) -> EstimateRecord? {
        let fitting = estimates.filter { $0.id == id && $0.present.isSubset(of: used) && isValid($0) }
        // Of equally many inputs the ones with the later names, so that one rule decides everywhere.
        return fitting.max { a, b in
            a.present.count != b.present.count
                ? a.present.count < b.present.count
                : a.present.sorted().lexicographicallyPrecedes(b.present.sorted())
        }
    }
}
