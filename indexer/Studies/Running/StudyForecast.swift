import Engine
import Foundation
import Indexing
import Memory
import Transformers

/// What a study will take, said before it runs: a calibration of some seconds, continued by what is known of each stage.
package struct StudyForecast: Sendable {
    /// What a cell takes more of than is free, with the bytes that are.
    package enum Obstacle: Sendable, Hashable {
        case memory(Int)
        case disk(Int)
    }

    package struct Line: Sendable {
        /// Such as "10000 passages, random, docid, beam 100".
        package let name: String
        package let cost: StudyCell.Cost
        package let isDone: Bool
        /// What there is too little of here; nil where it will fit.
        package let obstacle: Obstacle?
    }

    package let lines: [Line]
    /// Seconds of everything that is not done, each build once.
    package let seconds: Double
    /// The most memory of a cell, in bytes.
    package let memory: Int
    /// The most bytes on disk at a time.
    package let disk: Int

    init(_ run: StudyRun, _ census: CorpusCensus, _ builds: [StudyPlan.PlannedBuild], _ monitor: WorkMonitor) throws {
        let forecaster = try Forecaster(run, census, builds, monitor)
        let costs = try Self.stored(for: builds, run, census, forecaster)
        let facts = MachineFacts()
        let room = [facts.availableMemory, facts.memoryLimit].compactMap { $0 }.min()
        let values = try? URL(filePath: run.folder.path).resourceValues(forKeys: [.volumeAvailableCapacityKey])
        let free = values?.volumeAvailableCapacity
        var lines: [Line] = []
        var (seconds, memory, disk, kept) = (0.0, 0, 0, 0)
        for build in builds {
            let bytes = forecaster.diskBytes(build.sample.size)
            let isPending = build.allCells.contains { !run.isDone($0) }
            if isPending {
                seconds += forecaster.buildSeconds(build.sample.size, build.options)
                for training in build.trainings where training.cells.contains(where: { !run.isDone($0) }) {
                    seconds += forecaster.trainingSeconds(training.training, build.sample.size)
                }
                disk = max(disk, kept + bytes)
                if run.keepsBuilds { kept += bytes }
            }
            for cell in build.allCells {
                let cost = costs[cell.key] ?? StudyCell.Cost()
                let isDone = run.isDone(cell)
                if !isDone {
                    seconds += forecaster.searchSeconds(cell, build.options)
                    memory = max(memory, cost.memory ?? 0)
                }
                var obstacle: Obstacle?
                if let room, let needed = cost.memory, needed > room {
                    obstacle = .memory(room)
                } else if let free, bytes > free {
                    obstacle = .disk(free)
                }
                lines.append(Line(name: Self.name(build, cell), cost: cost, isDone: isDone, obstacle: obstacle))
            }
        }
        (self.lines, self.seconds, self.memory, self.disk) = (lines, seconds, memory, disk)
    }

    private static func name(_ build: StudyPlan.PlannedBuild, _ cell: StudyPlan.PlannedCell) -> String {
        var parts = ["\(build.sample.size) passages", build.sample.distractors.description]
        if build.sample.replicate > 0 { parts.append("replicate \(build.sample.replicate)") }
        parts.append(cell.options.retriever)
        let others = cell.options.others
        if let docids = others["docids"] { parts.append(docids) }
        if let representation = others["represent"] { parts.append(representation) }
        for name in ["layers", "steps", "minutes", "constrained", "beam", BuildWords.budget, "encode"] {
            if let value = others[name] { parts.append("\(name) \(value)") }
        }
        if let step = cell.step { parts.append("after \(step) parts") }
        if cell.typos > 0 { parts.append("typos \(BuildWords.number(cell.typos))") }
        return parts.joined(separator: ", ")
    }

    private static let file = "forecast.json"

    /// The estimates of cells: those that were made before, in the study's folder, and new ones.
    ///
    /// Where no cell is both undone and without an estimate, nothing is calibrated.
    static func stored(
        for builds: [StudyPlan.PlannedBuild], _ run: StudyRun, _ census: CorpusCensus, _ known: Forecaster? = nil
    ) throws -> [String: StudyCell.Cost] {
        var costs = (try? run.folder.read([String: StudyCell.Cost].self, file)) ?? [:]
        let missing = builds.flatMap { build in build.allCells.map { (build: build, cell: $0) } }
            .filter { costs[$0.cell.key] == nil && !run.isDone($0.cell) }
        guard !missing.isEmpty else { return costs }
        let forecaster = try known ?? Forecaster(run, census, builds, run.monitor)
        for (build, cell) in missing { costs[cell.key] = forecaster.cost(cell, build) }
        try run.folder.write(costs, to: file)
        return costs
    }
}
