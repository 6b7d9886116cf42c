import Corpora
import Engine
import Evaluation
import Foundation
import IndexStore
import Indexing
import Memory
import Search
import Transformers

/// Runs a study: sample, build, search and judge, until every planned cell is there; then the table and the report.
///
/// What is done stays done: killed at any moment and started again, it goes on with what is missing and gives the same
/// table, but for times.
package struct StudyRun {
    package let plan: StudyPlan
    package let input: StudyInput
    package let folder: StudyFolder
    package let models: ModelCache
    /// Whether indexes stay when their cells are done.
    package var keepsBuilds = false
    package var monitor = WorkMonitor.silent
    /// Hears what is worth a sentence: warnings, and which cell is done.
    package var say: @Sendable (String) -> Void = { _ in }

    package init(_ plan: StudyPlan, _ input: StudyInput, in folder: StudyFolder, models: ModelCache = .standard) {
        (self.plan, self.input, self.folder, self.models) = (plan, input, folder, models)
    }

    /// What a folder's cells were measured on.
    private struct Identity: Codable, Equatable {
        var corpus: String
        var queries: String
        var name: String
    }

    /// - Returns: the cells of the folder, in order.
    /// - Throws: ``StudyError``, ``Cancelled``, and what reading, building and searching throw.
    package func run() throws -> [StudyCell] {
        let clock = WorkClock(monitor)
        let census = try census(clock)
        let builds = try plan.builds(census, models: models, notes: say)
        try claim(census)
        if builds.flatMap(\.cells).contains(where: { !isDone($0) }) { say("estimating, on small samples") }
        let forecast = try StudyForecast.stored(for: builds, self, census)
        let pending = builds.filter { build in build.cells.contains { !isDone($0) } }
        let cells = builds.flatMap(\.cells)
        say(
            "\(cells.count) cell\(cells.count == 1 ? "" : "s") over \(builds.count) "
                + "sample\(builds.count == 1 ? "" : "s"), of which \(cells.count { isDone($0) }) done before")
        for build in pending { try run(build, census, forecast, clock) }
        if !keepsBuilds { for name in try folder.names(in: "builds") { try folder.remove("builds/\(name)") } }
        let table = try folder.cells(preferring: Set(cells.map(\.key)))
        try CellFile.write(table, to: folder.place("cells.jsonl"))
        return table
    }

    /// Reads the corpus once.
    func census(_ clock: WorkClock) throws -> CorpusCensus {
        let census = try CorpusCensus(input, seeds: plan.seeds, clock)
        if census.badLines > 0 { say("\(input.corpus): \(census.badLines) bad lines were passed over") }
        if input.unjudged > 0 { say("\(input.unjudged) queries without a relevant passage are left out") }
        if census.unanswerable > 0 {
            say("\(census.unanswerable) queries are left out: the corpus has none of their relevant passages")
        }
        return census
    }

    func isDone(_ cell: StudyPlan.PlannedCell) -> Bool { folder.has("cells/\(cell.key)/cell.json") }

    /// Refuses a folder that has other cells.
    func claim(_ census: CorpusCensus) throws {
        let own = Identity(corpus: census.sha256, queries: census.input.digest, name: census.input.name)
        if folder.has("study.json") {
            let other = try folder.read(Identity.self, "study.json")
            if other.corpus != own.corpus {
                throw StudyError.otherStudy(folder: folder.path, what: "another corpus, \(other.name)")
            }
            if other.queries != own.queries {
                throw StudyError.otherStudy(folder: folder.path, what: "other queries or judgements")
            }
        } else {
            try folder.write(own, to: "study.json")
        }
    }

    private func run(
        _ build: StudyPlan.PlannedBuild, _ census: CorpusCensus, _ forecast: [String: StudyCell.Cost],
        _ clock: WorkClock
    ) throws {
        let sample = build.sample
        say(
            "\(sample.size) passages, \(sample.distractors)"
                + (sample.replicate > 0 ? ", replicate \(sample.replicate)" : ""))
        let place = "builds/\(build.key)"
        let record = try record(build, at: place, census, clock)
        let measurement = try CellMeasurement(
            index: folder.place(place + "/index.genret"), record: record, threads: plan.threads, models: models,
            census: census, clock: clock)
        for cell in build.cells where !isDone(cell) {
            let partial = "cells/.\(cell.key)"
            try folder.make(partial)
            try measurement.measure(cell, plan: plan, estimate: forecast[cell.key], into: folder.place(partial))
            try folder.rename(partial, to: "cells/\(cell.key)")
        }
        if !keepsBuilds { try folder.remove(place) }
    }

    /// The index of a build, made where it is not there.
    private func record(
        _ build: StudyPlan.PlannedBuild, at place: String, _ census: CorpusCensus, _ clock: WorkClock
    ) throws -> BuildRecord {
        if folder.has(place + "/build.json") { return try folder.read(BuildRecord.self, place + "/build.json") }
        // Whatever a killed process has left of it.
        try folder.remove(place)
        try folder.make(place)
        var corpus = input.corpus
        if build.sample.size < census.passages {
            corpus = folder.place(place + "/corpus.jsonl")
            try chosen(build.sample, census, clock).write(of: input.corpus, to: corpus, clock)
        }
        let record = try StudyBuilder.build(
            corpus, at: folder.place(place + "/index.genret"), plan.buildOptions, models, monitor)
        guard record.passages == build.sample.size else {
            throw StudyError.corpusChanged(path: input.corpus, expected: build.sample.size, found: record.passages)
        }
        if build.sample.size < census.passages { try folder.remove(place + "/corpus.jsonl") }
        try folder.write(record.costs, to: place + "/build.json")
        return record.costs
    }

    private func chosen(
        _ sample: StudyPlan.PlannedSample, _ census: CorpusCensus, _ clock: WorkClock
    ) throws -> StudySample {
        guard case .pooled(let depth) = sample.distractors else {
            return StudySample(size: sample.size, seed: sample.seed, of: census)
        }
        let pool = try pool(depth, census, clock)
        guard pool.count >= sample.size - sample.judged else {
            throw StudyError.option(
                "pooled:\(depth) has \(pool.count) distractors, and a sample of \(sample.size) passages takes "
                    + "\(sample.size - sample.judged); give a deeper pool or a smaller size")
        }
        return StudySample(size: sample.size, pool: pool, of: census)
    }

    /// The pool, from its file where it is there; its index is of the whole corpus and made once.
    private func pool(_ depth: Int, _ census: CorpusCensus, _ clock: WorkClock) throws -> [Identifier] {
        let name = "pools/\(depth)-\(plan.seed).json"
        if folder.has(name) { return try folder.read([Identifier].self, name) }
        let place = "builds/.pool"
        try folder.remove(place)
        try folder.make(place)
        var options = IndexOptions()
        options.encoder = nil
        options.pseudoQueries = 0
        let index = folder.place(place + "/index.genret")
        _ = try StudyBuilder.build(input.corpus, at: index, options, models, monitor)
        let pool = try DistractorPool.make(index, census, depth: depth, seed: plan.seed, clock)
        try folder.write(pool, to: name)
        try folder.remove(place)
        return pool
    }
}

extension StudyRun {
    /// What the study will take; nothing but a calibration runs, and its estimates stay in the folder.
    package func forecast() throws -> StudyForecast {
        let clock = WorkClock(monitor)
        let census = try census(clock)
        let builds = try plan.builds(census, models: models, notes: say)
        try claim(census)
        return try StudyForecast(self, census, builds, monitor)
    }
}
