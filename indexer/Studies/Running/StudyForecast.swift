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
            let isPending = build.cells.contains { !run.isDone($0) }
            if isPending {
                seconds += forecaster.buildSeconds(build.sample.size)
                disk = max(disk, kept + bytes)
                if run.keepsBuilds { kept += bytes }
            }
            for cell in build.cells {
                let cost = costs[cell.key] ?? StudyCell.Cost()
                let isDone = run.isDone(cell)
                if !isDone {
                    seconds += forecaster.searchSeconds(cell)
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
        if let docids = cell.options.others["docids"] { parts.append(docids) }
        if let beam = cell.options.others["beam"] { parts.append("beam \(beam)") }
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
        let missing = builds.flatMap(\.cells).filter { costs[$0.key] == nil && !run.isDone($0) }
        guard !missing.isEmpty else { return costs }
        let forecaster = try known ?? Forecaster(run, census, builds, run.monitor)
        for cell in missing { costs[cell.key] = forecaster.cost(cell) }
        try run.folder.write(costs, to: file)
        return costs
    }
}

/// A calibration with what the plan asks.
struct Forecaster {
    private let calibration: Calibration
    private let options: IndexOptions
    private let queries: Int
    private let threads: Int
    private let meanBytes: Double
    /// Of the whole corpus, by the builder's own forecast, and of the program alone.
    private let memory: (whole: Double, base: Double)
    private let passages: Int
    /// Seconds that a generator is refined for; 0 without one.
    private let refining: Double

    init(
        _ run: StudyRun, _ census: CorpusCensus, _ builds: [StudyPlan.PlannedBuild], _ monitor: WorkMonitor
    ) throws {
        options = run.plan.buildOptions
        calibration = try Calibration(
            builds.first?.cells ?? [], options, census, models: run.models,
            at: run.folder.place("builds/.calibration"), monitor)
        (queries, threads) = (census.input.queries.count, run.plan.threads.count)
        passages = census.passages
        meanBytes = Double(census.bytes) / Double(max(1, census.passages)) + 60
        let builder = IndexBuilder(
            corpus: census.input.corpus, destination: run.folder.place("builds/.forecast"), options: options,
            models: run.models)
        let whole = try builder.forecast()
        var bare = builder
        bare.options.generator = nil
        let hasGenerator = try options.generatorFolder(in: run.models) != nil
        refining = hasGenerator ? max(0, whole.seconds - (try bare.forecast()).seconds) : 0
        // The program itself, with and without a model, as the builder counts it.
        memory = (Double(whole.memoryBytes), Double(options.encoder == nil ? 32 << 20 : 280 << 20))
    }

    /// An answer in the lists of all queries, which a cell holds: its id, its score, and its copy in the run's text.
    private static let bytesOfAnswer = 96

    func buildSeconds(_ size: Int, for retriever: String = "merge") -> Double {
        calibration.stages.reduce(BuildRecord.needs(retriever, stage: "training") ? refining : 0) { sum, stage in
            guard BuildRecord.needs(retriever, stage: stage.key) else { return sum }
            let isAsking = stage.key == Calibration.asking
            return sum + stage.value.at(size) * (isAsking ? Double(min(options.pseudoQueries, size)) : 1)
        }
    }

    /// All queries on all cores, the timed ones one by one, and the watching of the machine.
    func searchSeconds(_ cell: StudyPlan.PlannedCell) -> Double {
        let each = calibration.searches[Calibration.name(of: cell)]?.at(cell.sample.size) ?? 0
        let timed = QueryTimes.warmUp + min(queries, QueryTimes.most)
        return each * (Double(queries) / Double(Parallel.cores) + Double(timed * threads)) + 0.7
    }

    func bytes(_ size: Int, for retriever: String) -> Int {
        Int(
            calibration.bytes.reduce(0) { sum, part in
                BuildRecord.needs(retriever, component: part.key) ? sum + part.value.at(size) : sum
            })
    }

    /// An index with the sample that it is made of.
    func diskBytes(_ size: Int) -> Int {
        bytes(size, for: "merge") + (size < passages ? Int(meanBytes * Double(size)) : 0)
    }

    func cost(_ cell: StudyPlan.PlannedCell) -> StudyCell.Cost {
        let size = cell.sample.size
        let share = Double(size) / Double(max(1, passages))
        return StudyCell.Cost(
            seconds: buildSeconds(size, for: cell.options.retriever) + searchSeconds(cell),
            bytes: bytes(size, for: cell.options.retriever),
            // An engine for each number of threads maps the files anew.
            memory: max(
                Int(memory.base + max(0, memory.whole - memory.base) * share),
                Int(memory.base) + bytes(size, for: cell.options.retriever) * threads
                    + queries * min(size, StudyPlan.depth) * Self.bytesOfAnswer))
    }
}
