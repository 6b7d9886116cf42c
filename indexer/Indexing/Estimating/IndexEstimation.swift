import Engine
import Foundation
import IndexStore
import Memory
import Search
import Transformers

/// Estimates something for an index on judged queries: a file with one of these and a line in
/// ``IndexEstimations`` are all that a new estimate takes.
public protocol IndexEstimation: Sendable {
    associatedtype Value: Codable & Sendable

    /// The name of the estimate.
    static var id: ComponentID { get }

    init(_ queries: EstimationQueries)

    /// - Throws: why there is nothing to estimate, or nothing to estimate it on.
    func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<Value>

    /// The value as a person reads it.
    static func description(of value: Value) -> String

    /// The measure of ``Estimate/objective``, such as "nDCG@10".
    static var measure: String { get }
}

/// The estimates that there are.
public enum IndexEstimations {
    public static let all: [any IndexEstimation.Type] = [
        FusionEstimation.self, KeyConstantsEstimation.self, RerankEstimation.self, LookAheadEstimation.self,
        FeedbackEstimation.self,
    ]

    /// - Throws: ``IndexingError/unknownEstimate(name:known:)``.
    public static func named(_ name: String) throws(IndexingError) -> any IndexEstimation.Type {
        guard let type = all.first(where: { $0.id.name == name }) else {
            throw .unknownEstimate(name: name, known: all.map { $0.id.name })
        }
        return type
    }
}

/// What an estimation found.
public struct EstimationReport: Sendable {
    public var queries: Int
    public var objective: Double
    public var baseline: Double?
    public var measure: String
    /// The value in words.
    public var value: String
}

extension IndexEstimation {
    /// Estimates for the index in a folder and enters the estimate there.
    ///
    /// The index cannot be changed by others meanwhile.
    ///
    /// - Throws: as ``run(_:_:)``; then the index is as it was.
    public static func update(
        _ index: String, _ queries: EstimationQueries, models: ModelCache = .standard, monitor: WorkMonitor = .silent
    ) throws -> EstimationReport {
        var transaction = try IndexTransaction(URL(filePath: index))
        let report = try enter(queries, in: &transaction, models, monitor)
        _ = try transaction.commit()
        return report
    }

    /// Estimates for an index that is being changed.
    static func enter(
        _ queries: EstimationQueries, in transaction: inout IndexTransaction, _ models: ModelCache,
        _ monitor: WorkMonitor
    ) throws -> EstimationReport {
        let estimate = try estimate(transaction, queries, models, monitor)
        try transaction.record(estimate, as: id)
        return EstimationReport(
            queries: estimate.queries, objective: estimate.objective, baseline: estimate.baseline, measure: measure,
            value: description(of: estimate.value))
    }

    private static func estimate(
        _ transaction: borrowing IndexTransaction, _ queries: EstimationQueries, _ models: ModelCache,
        _ monitor: WorkMonitor
    ) throws -> Estimate<Value> {
        let clock = WorkClock(monitor)
        let reader = IndexReader(try transaction.preview(), models: models)
        let estimate = try Self(queries).run(reader, clock)
        clock.finish()
        return estimate
    }
}

extension IndexReader {
    /// What an estimate was made with: the digests of parts and of other estimates, as the index has them.
    ///
    /// - Parameters:
    ///   - used: what the searches used.
    ///   - absent: what would void the estimate if it came, where the index has none now.
    func inputs(_ used: some Sequence<ComponentID>, absent: [ComponentID] = []) -> [EstimateInput] {
        let present = used.compactMap { kind -> EstimateInput? in
            let digest = manifest.part(kind)?.sha256 ?? validDigest(of: kind)
            return digest.map { EstimateInput(kind: kind, sha256: $0) }
        }
        let known = Set(present.map(\.kind))
        return present
            + absent.filter { !known.contains($0) && manifest.part($0) == nil && validDigest(of: $0) == nil }
            .map { EstimateInput(kind: $0, sha256: nil) }
    }

    private func validDigest(of id: ComponentID) -> String? {
        manifest.estimates.first { $0.id == id && manifest.isValid($0) }?.sha256
    }
}
