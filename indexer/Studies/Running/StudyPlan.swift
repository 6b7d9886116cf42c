import Corpora
import Engine
import Foundation
import IndexStore
import Search
import Transformers

/// What a study is to measure: every cell of sizes × samples × retrievers × their options.
package struct StudyPlan: Sendable {
    package enum Size: Sendable, Hashable {
        case passages(Int)
        case all
    }

    package var sizes: [Size] = [.passages(10_000), .passages(100_000), .passages(1_000_000), .all]
    /// Leaves out sizes above the corpus, instead of refusing them.
    package var takesOnlySizesThatFit = false
    /// Random samples of a size, with seeds that follow each other. One where a sample is the whole corpus, or larger than
    /// ``mostReplicated``.
    package var replicates = 1
    package var distractors: [StudySample.Distractors] = [.random]
    /// `ngram`, `docid`, `dense`, `bm25`, `merge`; nil: all that can be built.
    package var retrievers: [String]?
    /// The training-free docids of the cells of `docid`.
    package var docids: [DocidRetriever.Source] = [.tree]
    package var beams = [10, 100]
    /// The parts of the queries' words that get a typing error; 0 is always among them.
    package var typos: [Double] = []
    /// Threads that a timed query may use; nil: all.
    package var threads: [Int?] = [1, nil]
    package var seed: UInt64 = 1
    /// How indexes are built.
    package var options = IndexOptions()

    package static let retrieverNames = ["bm25", "ngram", "dense", "docid", "merge"]
    package static let mostReplicated = 100_000
    /// Passages of each list that are looked at.
    package static let depth = 1000

    package init() {}

    /// The seeds of random samples.
    var seeds: [UInt64] { (0..<UInt64(max(1, replicates))).map { seed &+ $0 } }

    /// A sample that is searched.
    struct PlannedSample: Sendable, Hashable {
        let size: Int
        let judged: Int
        let seed: UInt64
        let distractors: StudySample.Distractors
        let replicate: Int
    }

    /// One cell before it was measured.
    struct PlannedCell: Sendable {
        let key: String
        let sample: StudyCell.Sample
        let options: StudyCell.Options
        let search: SearchOptions
        let typos: Double
    }

    /// An index, and the cells that are asked of it.
    struct PlannedBuild: Sendable {
        let key: String
        let sample: PlannedSample
        let cells: [PlannedCell]
    }

    /// The retrievers in order, those that need vectors left out where there are none and nobody asked for them.
    func chosenRetrievers() throws(StudyError) -> [String] {
        let hasVectors = options.encoder != nil
        guard let retrievers else {
            return Self.retrieverNames.filter { hasVectors || !Self.needsVectors($0) }
        }
        for name in retrievers where Self.needsVectors(name) && !hasVectors { throw .needsEncoder(retriever: name) }
        return Self.retrieverNames.filter(retrievers.contains)
    }

    static func needsVectors(_ retriever: String) -> Bool { ["dense", "docid"].contains(retriever) }

    /// The options of the builds, with what the cells need.
    var buildOptions: IndexOptions {
        var built = options
        if docids.contains(.rq), retrievers?.contains("docid") ?? (options.encoder != nil) {
            built.quantisedDocids = true
        }
        return built
    }

    /// All samples, the smallest first.
    ///
    /// - Parameter notes: hears of sizes that are not taken as they were named.
    func samples(_ census: CorpusCensus, notes: (String) -> Void = { _ in }) throws(StudyError) -> [PlannedSample] {
        var counts: Set<Int> = []
        let judged = census.judged.count
        for size in sizes {
            guard case .passages(let count) = size else {
                counts.insert(census.passages)
                continue
            }
            if takesOnlySizesThatFit, count > census.passages { continue }
            guard count <= census.passages else {
                throw .tooLarge(size: count, corpus: census.input.corpus, passages: census.passages)
            }
            if count < judged {
                notes(
                    "a sample of \(count) passages would lack judged ones; the smallest has all \(judged) of them and no others"
                )
            }
            counts.insert(max(count, judged))
        }
        var samples: [PlannedSample] = []
        for count in counts.sorted() {
            if count < census.passages, judged * 2 > count {
                notes(
                    "more than half of a sample of \(count) passages are judged (\(judged)): it is easier than its size says"
                )
            }
            for kind in distractors {
                // The whole corpus is one sample, however its passages were put in order.
                if count == census.passages, kind != distractors.first { continue }
                let isOne =
                    kind != .random || count == census.passages || count > Self.mostReplicated || count == judged
                for (replicate, seed) in (isOne ? [seed] : seeds).enumerated() {
                    samples.append(
                        PlannedSample(size: count, judged: judged, seed: seed, distractors: kind, replicate: replicate))
                }
            }
        }
        return samples
    }

    /// Every build with its cells, the smallest samples first.
    func builds(
        _ census: CorpusCensus, models: ModelCache, notes: (String) -> Void = { _ in }
    ) throws -> [PlannedBuild] {
        let retrievers = try chosenRetrievers()
        let built = buildOptions
        let hashes = try Self.hashes(of: built, models)
        let base = CellKey.base(census, models: hashes)
        return try samples(census, notes: notes).map { sample in
            var members = base
            members["sample"] = .object([
                "size": .integer(Int64(sample.size)), "seed": .unsigned(sample.seed),
                "distractors": .string(sample.distractors.description),
            ])
            members["build"] = try JSONTree(encoding: built)
            let key = try CellKey.hex(members)
            let cells = try retrievers.flatMap { try self.cells($0, sample, census, members, built, hashes) }
            return PlannedBuild(key: key, sample: sample, cells: cells)
        }
    }

    private func cells(
        _ retriever: String, _ sample: PlannedSample, _ census: CorpusCensus, _ build: [String: JSONTree],
        _ built: IndexOptions, _ models: [String: String]
    ) throws -> [PlannedCell] {
        let shown = try BuildWords.options(
            built, retriever: retriever, hasGenerator: models["generator"] != nil)
        var searches: [(SearchOptions, [String: String])] = []
        switch retriever {
        case "docid":
            for source in docids {
                for beam in Set(beams).sorted() {
                    var search = SearchOptions()
                    search.retrievers = [DocidRetriever.id]
                    search[DocidRetriever.self].docids = source
                    search[DocidRetriever.self].beams = beam
                    searches.append((search, ["docids": source.rawValue, "beam": "\(beam)"]))
                }
            }
        case "merge":
            // The fusion alone: rerankers are not what is compared here.
            var search = SearchOptions()
            search.rerank = 0
            searches.append((search, [:]))
        default:
            var search = SearchOptions()
            search.retrievers = [ComponentID(retriever)]
            searches.append((search, [:]))
        }
        return try searches.flatMap { (search: SearchOptions, own: [String: String]) in
            try Set([0] + typos).sorted().map { (share: Double) in
                var others = shown.merging(own) { _, own in own }
                others["typos"] = BuildWords.number(share)
                var members = build
                members["retriever"] = .string(retriever)
                members["search"] = try JSONTree(encoding: search)
                members["typos"] = .number(share)
                members["depth"] = .integer(Int64(Self.depth))
                members["threads"] = .array(threads.map { $0.map { .integer(Int64($0)) } ?? .string("all") })
                return PlannedCell(
                    key: try CellKey.hex(members),
                    sample: StudyCell.Sample(
                        size: sample.size, judged: sample.judged, seed: sample.seed,
                        distractors: sample.distractors.description, replicate: sample.replicate,
                        corpus: census.input.name),
                    options: StudyCell.Options(retriever, others), search: search, typos: share)
            }
        }
    }

    /// SHA-256 of the weights of every model that a build uses.
    private static func hashes(of options: IndexOptions, _ models: ModelCache) throws -> [String: String] {
        var hashes: [String: String] = [:]
        if let name = options.encoder {
            guard let folder = models.directory(of: name) else { throw EngineError.encoderNotInstalled(name: name) }
            do {
                hashes["encoder"] = try SentenceEncoder(directory: folder).modelHash()
            } catch {
                throw EngineError.model(path: folder.path, reason: "\(error)")
            }
        }
        if let folder = try options.generatorFolder(in: models) {
            hashes["generator"] = try FolderHash.sha256(folder)
        }
        return hashes
    }
}

extension StudyPlan {
    /// The keys of all cells in order.
    package func cellKeys(_ census: CorpusCensus, models: ModelCache) throws -> [String] {
        try builds(census, models: models).flatMap { $0.cells.map(\.key) }
    }
}
