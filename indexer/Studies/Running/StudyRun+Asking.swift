import Corpora
import Engine
import Foundation
import Memory

/// What all cells of a study are measured with.
struct StudyContext {
    let census: CorpusCensus
    let forecast: [String: StudyCell.Cost]
    let clock: WorkClock
}

extension StudyRun {
    /// Takes a sample from its passages to its cells.
    func run(_ build: StudyPlan.PlannedBuild, _ context: StudyContext) throws {
        let sample = build.sample
        say(
            "\(sample.size) passages, \(sample.distractors)"
                + (sample.replicate > 0 ? ", replicate \(sample.replicate)" : "")
                + (plan.encoderBudgets.count > 1 ? ", \(BuildWords.budget) \(build.options.encoderBudget)" : ""))
        let place = "builds/\(build.key)"
        let record = try self.record(build, at: place, context.census, context.clock)
        try ask(build.cells, of: TrainingRecord(build: record), in: place, build, context)
        for training in build.trainings where training.cells.contains(where: { !isDone($0) }) {
            let own = "\(place)/\(training.key)"
            let learnt = try docids(training, in: own, build, record)
            try ask(training.cells, of: learnt, in: own, build, context)
            if !keepsBuilds { try folder.remove(own) }
        }
        if !keepsBuilds { try folder.remove(place) }
    }

    /// Docids over a copy of a build's index, made where they are not there.
    private func docids(
        _ planned: StudyPlan.PlannedTraining, in place: String, _ build: StudyPlan.PlannedBuild, _ record: BuildRecord
    ) throws -> TrainingRecord {
        if folder.has(place + "/train.json") { return try folder.read(TrainingRecord.self, place + "/train.json") }
        let training = planned.training
        say(training.words.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
        let stage = DocidStage(
            training: training, labelled: plan.labelled, generator: try build.options.generatorFolder(in: models),
            models: models, monitor: monitor)
        var (source, record) = ("builds/\(build.key)", record)
        if let representation = training.representation {
            (source, record) = try texts(representation, build, record, stage)
        }
        // The training itself goes on where a killed process left it.
        try folder.make(place)
        try folder.remove(place + "/index.genret")
        try IndexClone.make(of: folder.place(source + "/index.genret"), at: folder.place(place + "/index.genret"))
        let learnt = try stage.run(
            folder.place(place + "/index.genret"), in: folder.place(place + "/docids"), record)
        try folder.write(learnt, to: place + "/train.json")
        return learnt
    }

    /// A copy of a build's index with the texts that a representation takes; trainings share it.
    private func texts(
        _ representation: PassageRepresentation, _ build: StudyPlan.PlannedBuild, _ record: BuildRecord,
        _ stage: DocidStage
    ) throws -> (place: String, record: BuildRecord) {
        let place = "builds/\(build.key)/texts-\(representation)"
        if folder.has(place + "/build.json") {
            return (place, try folder.read(BuildRecord.self, place + "/build.json"))
        }
        try folder.remove(place)
        try folder.make(place)
        let index = folder.place(place + "/index.genret")
        try IndexClone.make(of: folder.place("builds/\(build.key)/index.genret"), at: index)
        var record = record
        record.stages += try stage.write(representation, into: index)
        try folder.write(record, to: place + "/build.json")
        return (place, record)
    }

    /// Measures the cells that are not done, each written whole.
    private func ask(
        _ cells: [StudyPlan.PlannedCell], of made: TrainingRecord, in place: String, _ build: StudyPlan.PlannedBuild,
        _ context: StudyContext
    ) throws {
        let pending = cells.filter { !isDone($0) }
        guard !pending.isEmpty else { return }
        guard let growth = plan.growth else {
            return try measure(pending, place + "/index.genret", made, nil, context)
        }
        let parts = GrowthParts(folder.place("builds/\(build.key)"), growth)
        let partOf = try parts.parts(of: context.census.judged)
        let grown = place + "/grown"
        for step in 0...growth.parts {
            let own = pending.filter { $0.step == step }
            guard !own.isEmpty else { continue }
            let size = growth.passages(of: build.sample.size, after: step)
            // What a killed process left is used where it has not grown further.
            let found = folder.has(grown) ? try? IndexState.passages(of: folder.place(grown)) : nil
            if found.map({ $0 > size }) ?? true {
                try folder.remove(grown)
                try IndexClone.make(of: folder.place(place + "/index.genret"), at: folder.place(grown))
            }
            try GrowthStage.grow(
                folder.place(grown), to: step, parts, growth, size: build.sample.size, models, monitor)
            try measure(own, grown, made, GrowthStage(step, of: growth, context.census, partOf), context)
        }
        if !keepsBuilds { try folder.remove(grown) }
    }

    private func measure(
        _ cells: [StudyPlan.PlannedCell], _ index: String, _ made: TrainingRecord, _ stage: GrowthStage?,
        _ context: StudyContext
    ) throws {
        let measurement = try CellMeasurement(
            index: folder.place(index), record: made.build, training: made.training, threads: plan.threads,
            models: models, census: context.census, stage: stage, clock: context.clock)
        for cell in cells {
            let partial = "cells/.\(cell.key)"
            try folder.remove(partial)
            try folder.make(partial)
            try measurement.measure(
                cell, plan: plan, estimate: context.forecast[cell.key], into: folder.place(partial))
            try folder.remove("cells/\(cell.key)")
            try folder.rename(partial, to: "cells/\(cell.key)")
            again.remove(cell.key)
        }
    }
}
