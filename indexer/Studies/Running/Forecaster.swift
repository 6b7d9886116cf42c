import Engine
import Foundation
import Indexing
import Memory
import Transformers

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
    private let trainings: TrainingCalibration?
    /// What the ranks of all passages take while a study runs, in bytes.
    private let ranks: Int

    init(
        _ run: StudyRun, _ census: CorpusCensus, _ builds: [StudyPlan.PlannedBuild], _ monitor: WorkMonitor
    ) throws {
        options = run.plan.buildOptions()
        let place = run.folder.place("builds/.calibration")
        let asked = CalibrationQuestion.all(
            builds.first?.allCells ?? [], hasVectors: run.plan.options.encoder != nil)
        calibration = try Calibration(asked, options, census, models: run.models, at: place, monitor)
        let planned = builds.flatMap(\.trainings).filter { $0.cells.contains { !run.isDone($0) } }.map(\.training)
        trainings = try TrainingCalibration(planned, options, census, models: run.models, at: place, monitor)
        ranks = Self.bytesOfRank * census.ranks.values.reduce(0) { $0 + $1.capacity }
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
        // The builder guesses the tokens of a corpus by its bytes; the calibration has counted some.
        let tokens = calibration.tokensAByte.map { $0 * Double(census.bytes) } ?? Double(whole.tokens)
        let more = (tokens - Double(whole.tokens)) * Double(BuildForecast.memoryAToken)
        memory = (
            Double(whole.memoryBytes) + more, Double(BuildForecast.programMemory(withEncoder: options.encoder != nil))
        )
    }

    /// An answer in the lists of all queries, which a cell holds: its id, its score, and its copy in the run's text.
    private static let bytesOfAnswer = 96
    private static let bytesOfRank = 16

    func buildSeconds(_ size: Int, _ built: IndexOptions, for retriever: String = "merge") -> Double {
        calibration.stages.reduce(BuildRecord.needs(retriever, stage: "training") ? refining : 0) { sum, stage in
            guard BuildRecord.needs(retriever, stage: stage.key) else { return sum }
            switch stage.key {
            case Calibration.asking: return sum + stage.value.at(size) * Double(min(options.pseudoQueries, size))
            case Calibration.encoding: return sum + stage.value.at(encoded(size, built))
            case Calibration.fitting where encoded(size, built) == size: return sum
            default: return sum + stage.value.at(size)
            }
        }
    }

    /// How many of so many passages get the encoder's vectors.
    private func encoded(_ size: Int, _ built: IndexOptions) -> Int {
        built.encoderBudget.encoded(of: size, secondsEach: secondsToEncode(size))
    }

    /// A passage, on all cores.
    private func secondsToEncode(_ size: Int) -> Double {
        (calibration.stages[Calibration.encoding]?.at(size) ?? 0) / Double(max(1, size))
    }

    /// What a query takes to encode its best, on one core; those of few passages may have the encoder's vectors already.
    private func refineSeconds(_ cell: StudyPlan.PlannedCell, _ built: IndexOptions) -> Double {
        let size = cell.sample.size
        guard built.encoder != nil, StudyPlan.usesVectors(cell.options.retriever), encoded(size, built) < size
        else { return 0 }
        let left = 1 - Double(encoded(size, built)) / Double(size)
        return left * Double(cell.search.encode ?? SearchOptions.usuallyEncoded) * calibration.secondsToEncodeAtQuery
    }

    /// All queries on all cores, the timed ones one by one, and the watching of the machine.
    func searchSeconds(_ cell: StudyPlan.PlannedCell, _ built: IndexOptions) -> Double {
        func each(_ purpose: CalibrationSample.Purpose) -> Double {
            calibration.seconds(CalibrationQuestion.name(of: cell), purpose, cell.sample.size)
                + refineSeconds(cell, built)
        }
        let timed = min(QueryTimes.warmUp, 10 * queries) + min(queries, QueryTimes.most)
        return each(.lists) * Double(queries) / Double(Parallel.cores) + each(.answers) * Double(timed * threads) + 0.7
    }

    func bytes(_ size: Int, for retrievers: String...) -> Int { bytes(size, for: Set(retrievers)) }

    private func bytes(_ size: Int, for retrievers: Set<String>) -> Int {
        Int(
            calibration.bytes.reduce(0) { sum, part in
                retrievers.contains { BuildRecord.needs($0, component: part.key) } ? sum + part.value.at(size) : sum
            })
    }

    /// What is mapped while a cell is measured: files that cells before it have opened stay open for the next.
    private func mapped(_ cell: StudyPlan.PlannedCell, _ build: StudyPlan.PlannedBuild) -> Int {
        guard cell.training == nil, let place = build.cells.firstIndex(where: { $0.key == cell.key }) else {
            return bytes(cell.sample.size, for: cell.options.retriever)
        }
        return bytes(cell.sample.size, for: Set(build.cells[...place].map(\.options.retriever)))
    }

    /// An index with the sample that it is made of.
    func diskBytes(_ size: Int) -> Int {
        bytes(size, for: "merge") + (size < passages ? Int(meanBytes * Double(size)) : 0)
    }

    /// Texts, training and what it is validated with.
    func trainingSeconds(_ training: StudyTraining, _ size: Int) -> Double {
        trainings?.seconds(training, size) ?? 0
    }

    func cost(_ cell: StudyPlan.PlannedCell, _ build: StudyPlan.PlannedBuild) -> StudyCell.Cost {
        let size = cell.sample.size
        let share = Double(size) / Double(max(1, passages))
        return StudyCell.Cost(
            seconds: buildSeconds(size, build.options, for: cell.options.retriever) + searchSeconds(cell, build.options)
                + (cell.training.map { trainingSeconds($0, size) } ?? 0),
            bytes: bytes(size, for: cell.options.retriever),
            // An engine for each number of threads maps the files anew.
            memory: ranks
                + max(
                    Int(memory.base + max(0, memory.whole - memory.base) * share),
                    Int(memory.base) + mapped(cell, build) * threads
                        + queries * min(size, StudyPlan.depth) * Self.bytesOfAnswer))
    }
}
