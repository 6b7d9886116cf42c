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
    /// Whether cells that were measured while other programs took much of the machine are measured again.
    package var redoesLoaded = false
    package var monitor = WorkMonitor.silent
    /// Hears what is worth a sentence: warnings, and which cell is done.
    package var say: @Sendable (String) -> Void = { _ in }

    package init(_ plan: StudyPlan, _ input: StudyInput, in folder: StudyFolder, models: ModelCache = .standard) {
        (self.plan, self.input, self.folder, self.models) = (plan, input, folder, models)
    }

    /// Keys of cells that are there and are measured again all the same.
    let again = KeySet()

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
        try chooseAgain(builds)
        if builds.flatMap(\.allCells).contains(where: { !isDone($0) }) { say("estimating, on small samples") }
        let forecast = try StudyForecast.stored(for: builds, self, census)
        let pending = builds.filter { build in build.allCells.contains { !isDone($0) } }
        let cells = builds.flatMap(\.allCells)
        say(
            "\(cells.count) cell\(cells.count == 1 ? "" : "s") over \(builds.count) "
                + "sample\(builds.count == 1 ? "" : "s"), of which \(cells.count { isDone($0) }) done before")
        let context = StudyContext(census: census, forecast: forecast, clock: clock)
        for build in pending { try run(build, context) }
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

    func isDone(_ cell: StudyPlan.PlannedCell) -> Bool {
        folder.has(Self.file(cell)) && !again.contains(cell.key)
    }

    private static func file(_ cell: StudyPlan.PlannedCell) -> String { "cells/\(cell.key)/cell.json" }

    /// Finds what is measured again. The old measurement stays until the new one is there.
    private func chooseAgain(_ builds: [StudyPlan.PlannedBuild]) throws {
        guard redoesLoaded else { return }
        for cell in builds.flatMap(\.allCells) where folder.has(Self.file(cell)) {
            guard let old = try CellFile.read(folder.place(Self.file(cell))).first, old.machine.isLoaded else {
                continue
            }
            again.insert(cell.key)
        }
    }

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
}

extension StudyRun {
    /// What the study will take; nothing but a calibration runs, and its estimates stay in the folder.
    package func forecast() throws -> StudyForecast {
        let clock = WorkClock(monitor)
        let census = try census(clock)
        let builds = try plan.builds(census, models: models, notes: say)
        try claim(census)
        try chooseAgain(builds)
        return try StudyForecast(self, census, builds, monitor)
    }
}
