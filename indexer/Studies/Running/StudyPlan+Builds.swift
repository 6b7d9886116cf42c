import Corpora
import Docids
import Engine
import Foundation
import Search
import Transformers

extension StudyPlan {
    /// The options of a build, with what the cells need; the first budget's where nobody says which.
    func buildOptions(_ budget: EncoderBudget? = nil) -> IndexOptions {
        var built = options
        if let budget = budget ?? encoderBudgets.first { built.encoderBudget = budget }
        // The schemes of a study name docids of passages.
        built.sentenceDocids = false
        let hasDocids = retrievers?.contains("docid") ?? (options.encoder != nil)
        if docids.contains(.rq), representations.contains(nil), hasDocids { built.quantisedDocids = true }
        return built
    }

    /// Every build with its cells, the smallest samples first. What differs in options of the search alone is one build,
    /// and what is learnt over one index is learnt once.
    func builds(
        _ census: CorpusCensus, models: ModelCache, notes: (String) -> Void = { _ in }
    ) throws -> [PlannedBuild] {
        let retrievers = try chosenRetrievers()
        let trainings = retrievers.contains("docid") ? try self.trainings() : []
        let hashes = try Self.hashes(of: options, models)
        if trainings.contains(where: { $0.representation?.isWritten ?? false }), hashes["generator"] == nil {
            throw StudyError.needsGenerator
        }
        let base = CellKey.base(census, models: hashes)
        let labels = try labelsDigest(trainings, census)
        let budgets: [EncoderBudget?] = encoderBudgets.isEmpty || options.encoder == nil ? [nil] : encoderBudgets
        var builds: [PlannedBuild] = []
        for sample in try samples(census, notes: notes) {
            for (place, budget) in budgets.enumerated() {
                let built = buildOptions(budget)
                var members = base
                members["sample"] = .object([
                    "size": .integer(Int64(sample.size)), "seed": .unsigned(sample.seed),
                    "distractors": .string(sample.distractors.description),
                ])
                members["build"] = try JSONTree(encoding: built)
                if let growth {
                    members["growth"] = .object([
                        "start": .number(growth.start), "parts": .integer(Int64(growth.parts)),
                    ])
                }
                let maker = CellMaker(
                    plan: self, sample: sample, corpus: census.input.name, options: built,
                    hasGenerator: hashes["generator"] != nil)
                let asked = retrievers.filter { place == 0 || Self.usesVectors($0) }
                let cells = try asked.flatMap { try maker.cells($0, members) }
                let learnt = try trainings.map { training in
                    var own = members
                    own["training"] = training.json
                    if training.representation?.isLabelled == true, let labels { own["labels"] = .string(labels) }
                    let key = try CellKey.hex(own)
                    return PlannedTraining(
                        key: key, training: training, cells: try maker.cells(of: training, own))
                }
                guard !cells.isEmpty || !learnt.isEmpty else { continue }
                builds.append(
                    PlannedBuild(
                        key: try CellKey.hex(members), sample: sample, options: built, cells: cells,
                        trainings: learnt))
            }
        }
        return builds
    }

    /// Docids that indexes do not have by themselves: schemes × representations × layers × lengths. Untrained ones once,
    /// and none that nothing but a network can write.
    private func trainings() throws(StudyError) -> [StudyTraining] {
        var trainings: [StudyTraining] = []
        for scheme in docids {
            for representation in representations {
                guard representation != nil else {
                    guard scheme.isAnchored else {
                        if representations.count == 1 { throw .needsRepresentation(docids: scheme.rawValue) }
                        continue
                    }
                    if StudyTraining.source(of: scheme) == nil {
                        trainings.append(
                            StudyTraining(
                                scheme: scheme, representation: nil, layers: 1, length: .steps(1), seed: options.seed))
                    }
                    continue
                }
                for layers in Set(layers).sorted() {
                    for length in lengths {
                        trainings.append(
                            StudyTraining(
                                scheme: scheme, representation: representation, layers: layers, length: length,
                                seed: options.seed))
                    }
                }
            }
        }
        return trainings
    }

    private func labelsDigest(_ trainings: [StudyTraining], _ census: CorpusCensus) throws -> String? {
        guard trainings.contains(where: { $0.representation?.isLabelled ?? false }) else { return nil }
        guard let labelled else { throw StudyError.needsLabels }
        return try labelled.digest(without: census.input.queries)
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

    /// The keys of all cells in order.
    package func cellKeys(_ census: CorpusCensus, models: ModelCache) throws -> [String] {
        try builds(census, models: models).flatMap { $0.allCells.map(\.key) }
    }
}
