import Engine
import Foundation
import IndexStore
import Learning
import Memory
import Search
import Storage
import Training
import Transformers

/// Does again what was estimated, and enters anew what was trained, for the passages that an index had then and not for
/// those that it has now.
///
/// How much is done is said in queries and steps, never in seconds, so that the same index and numbers give the same bytes
/// whatever the machine. Nothing is done for what has not aged.
public struct IndexRefresh {
    public let index: URL
    public var models: ModelCache
    public var monitor = WorkMonitor.silent
    /// The queries that each estimate is made on.
    public var queries = 400
    /// Steps for which trained docids are trained on, from where they stand, with queries of all passages; 0 enters
    /// passages that came later by the docids' prefixes and trains nothing.
    public var steps = 0
    public var seed: UInt64 = 1
    public var threads = Parallel.cores
    /// Whether nothing is done but to say what has aged.
    public var isDryRun = false
    /// What the index changes through; another than the machine's own in tests.
    package var files: any FileSystem = LocalFileSystem()

    public init(_ index: String, models: ModelCache = .standard) {
        self.index = URL(filePath: index)
        self.models = models
    }

    /// Something that was made for other passages than there are.
    public struct Item: Sendable {
        public var id: ComponentID
        /// Passages that came since, and those of then that left; nil where nobody noted how many there were.
        public var came: Int
        public var left: Int?
        /// Whether there is nothing of it that is valid.
        public var isMissing = false
        public var outcome: Outcome?
    }

    /// What was done for it; nil in a dry run.
    public enum Outcome: Sendable {
        case estimated(EstimationReport)
        /// Docids: all passages were given theirs, and nothing was trained.
        case entered(String)
        /// Docids were trained on, and what was trained accepted or not.
        case trained(String, isAccepted: Bool)
        /// Why nothing was done.
        case left(reason: any Error)
    }

    public struct Report: Sendable {
        public var items: [Item] = []
        /// What it will take, by the time of some searches; nil where there is nothing to do.
        public var forecast: Double?
        public var manifest: IndexManifest
        public var seconds = 0.0
    }

    /// - Throws: `EngineError` where the index's encoder is missing or another, and what changing an index throws; it is
    ///   then as it was.
    public func run() throws -> Report {
        let start = ContinuousClock.now
        var transaction = try IndexTransaction(index, files: files)
        var report = try prepare(&transaction)
        let hasChanged = report.items.contains {
            switch $0.outcome {
            case .estimated, .entered, .trained: true
            case .left, nil: false
            }
        }
        if hasChanged { report.manifest = try transaction.commit().manifest }
        report.seconds = (ContinuousClock.now - start) / .seconds(1)
        return report
    }

    /// Readers of the index as it was are gone when this ends, so that the commit can remove what they hold.
    private func prepare(_ transaction: inout IndexTransaction) throws -> Report {
        let reader = IndexReader(try transaction.preview(), models: models)
        var report = Report(manifest: reader.manifest)
        report.items = AgedItems(reader.manifest).items
        guard !report.items.isEmpty else { return report }
        // Weights for searches that lack half of their retrievers would be wrong where these are there.
        if reader.manifest.encoder != nil { _ = try reader.value(IndexEncoder.self) }
        report.forecast = try RefreshForecast(reader, queries: queries, steps: steps).seconds(report.items)
        guard !isDryRun else { return report }
        for place in report.items.indices {
            report.items[place].outcome = try refresh(report.items[place].id, &transaction)
        }
        if let manifest = transaction.manifest { report.manifest = manifest }
        return report
    }

    private func refresh(_ id: ComponentID, _ transaction: inout IndexTransaction) throws -> Outcome {
        let before = transaction.manifest
        do {
            guard id != DocidsPart.kind else {
                return try DocidRefresh(self, models: models).run(&transaction)
            }
            return .estimated(try estimate(IndexEstimations.named(id.name), &transaction))
        } catch let error as StorageError {
            throw error
        } catch let error as Cancelled {
            throw error
        } catch EngineError.cancelled {
            throw Cancelled()
        } catch {
            // What one of them lacks is no reason to leave the others.
            if let before { transaction.restore(before) }
            return .left(reason: error)
        }
    }

    private func estimate(
        _ type: any IndexEstimation.Type, _ transaction: inout IndexTransaction
    ) throws -> EstimationReport {
        var own = EstimationQueries(count: queries, seed: seed, threads: threads)
        if type.id != FusionEstimation.id {
            let reader = IndexReader(try transaction.preview(), models: models)
            let known = reader.queryGenerators
            // Questions that a generator itself wrote overstate what its likelihoods are worth.
            let usable = known.filter {
                type.id != RerankEstimation.id || $0 != QueryGenerators.Name.generator.rawValue
            }
            let isDrawn = type.id == RerankEstimation.id && reader.interactsByCodes
            own.source =
                usable.contains(EstimationQueries.labelled)
                ? EstimationQueries.labelled : isDrawn ? nil : usable.first
        }
        return try type.enter(own, in: &transaction, models, monitor)
    }
}

/// What of an index has aged: made when it had other passages.
struct AgedItems {
    /// In the order in which it is to be done: what others are made with comes first.
    private(set) var items: [IndexRefresh.Item] = []

    private static let order: [ComponentID] = [.keyConstants, .lookAhead, .fusionWeights, .rerank, .feedback]

    init(_ manifest: IndexManifest) {
        if let docids = manifest.part(DocidsPart.kind) {
            let (came, left) = manifest.change(since: docids.generation, of: docids.passages)
            if came > 0 || left ?? 0 > 0 { items.append(.init(id: DocidsPart.kind, came: came, left: left)) }
        }
        let used = Set(manifest.parts.map(\.kind) + manifest.estimates.map(\.id))
        for id in Self.order {
            guard let estimate = manifest.estimate(id, using: used) else {
                // Without weights all retrievers weigh alike, which is worth an estimate; the others are for those who asked.
                guard id == .fusionWeights, manifest.passages > 0 else { continue }
                items.append(.init(id: id, came: manifest.passages, left: nil, isMissing: true))
                continue
            }
            let (came, left) = manifest.change(since: estimate.generation, of: estimate.passages)
            let isVoid = items.contains { item in estimate.inputs.contains { $0.kind == item.id } }
            if came > 0 || left ?? 0 > 0 || isVoid { items.append(.init(id: id, came: came, left: left)) }
        }
    }
}
