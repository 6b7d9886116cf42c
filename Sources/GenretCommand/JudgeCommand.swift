import ArgumentParser
import Corpora
import Evaluation
import Foundation
import Memory
import Rerankers

struct JudgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "judge", abstract: "Let a language model judge how relevant passages are.",
        discussion: """
            Grades 0 to 3, in lines of query, "llm", passage, grade: the second column says whose they are. Of a run the \
            first passages are judged, else the pairs of --qrels, and what both judged is compared. A model overrates, and \
            cannot tell the best systems apart as people do: docs/evaluation.md.
            """)

    @Argument(help: "The index that has the passages.") var index: String?
    @Option(help: "A corpus that has them, in place of an index.") var corpus: String?
    @Option(name: [.long, .customLong("topics")], help: "Queries, as \"genret search\" reads them.") var queries: String
    @Option(name: .customLong("run"), help: "The run whose first passages are judged.") var given: String?
    @Option(help: "How many of each query's list are judged.") var depth = 10
    @Option(help: "People's judgements, to compare with.") var qrels: String?
    @Option(
        name: [.customShort("l", allowingJoined: true), .customLong("level")],
        help: "The lowest of people's grades that counts as relevant.") var level = 1
    @Option(help: "The lowest of the model's grades that counts as relevant.") var modelLevel = 2
    @Option(help: "Only so many of the queries, drawn by --seed.") var sample: Int?
    @Option(help: "The seed of every random choice.") var seed: UInt64 = 1
    @Option(help: "The model, a name of the cache or a path.") var model = RerankSpec.usualModel
    @Option(name: .shortAndLong, help: "Where the judgements go; - is standard output.") var output: String?
    @Flag(help: "Write how probably the model says that a passage has no answer, for \"genret eval --abstention\".")
    var abstention = false
    @Option(help: "Threads.") var threads = Parallel.cores
    @Option(help: ArgumentHelp("The model's precision: float32, float16, bfloat16 or int8.", visibility: .hidden))
    var precision = Precision.int8
    @OptionGroup var showing: ProgressFlags
    @OptionGroup var reporting: ReportFlags

    func validate() throws {
        guard depth > 0, threads > 0, sample ?? 1 > 0 else {
            throw ValidationError("--depth, --threads and --sample are at least 1")
        }
        guard (index == nil) != (corpus == nil) else { throw ValidationError("name an index, or a --corpus") }
        guard given != nil || qrels != nil else {
            throw ValidationError("name a --run to judge, or --qrels to judge again")
        }
        guard output != nil || qrels != nil && !abstention else {
            throw ValidationError("give -o for the judgements, --qrels to compare them with, or both")
        }
    }

    func run() throws {
        if let output { try AtomicFile.check(output) }
        let people = try qrels.map { try Qrels.read(path: $0) }
        let lists = try lists(people)
        Interrupt.shared.listen(saying: "interrupted; no judgements were written")
        let model = try RerankModels(precision: precision, threads: threads, sharesPrefixes: true).model(model)
        if abstention {
            let judge = try AbstentionJudge(model)
            return try write(lists) { query, candidates, work in
                try judge.probabilities(query, candidates, work).map { "\($0)" }
            } line: {
                "\($0)\t\($1)\t\($2)"
            }
        }
        let judge = try RelevanceJudge(model)
        var judged = Qrels()
        try write(lists) { query, candidates, work in
            try judge.judge(query, candidates, work).map { "\($0.grade)" }
        } line: { query, passage, grade in
            judged.set(Int(grade) ?? 0, query: Identifier(query), passage: Identifier(passage))
            return "\(query) llm \(passage) \(grade)"
        }
        guard let people else { return }
        let report = JudgeReport(GradeAgreement(people, judged), level: level, modelLevel: modelLevel)
        try reporting.say(report) { print(report.text, terminator: "") }
    }

    /// What is judged: the first of a run's lists, or all that people have judged.
    private func lists(_ people: Qrels?) throws -> RerankLists {
        var queries = try Queries.read(path: queries).filter { people == nil || people?.judgements[$0.id] != nil }
        if let sample, sample < queries.count {
            var random = SeededGenerator(seed: seed)
            queries = random.sample(sample, of: queries.count).map { queries[Int($0)] }
        }
        var run = TRECRun()
        if let given {
            run = try TRECRun.read(path: given)
        } else if let people {
            for query in queries {
                run.set(
                    people.judgements(of: query.id).map { .init(passage: $0.passage, score: 0) }, query: query.id)
            }
        }
        return try RerankLists(
            index: index, corpus: corpus, given: run, queries: queries, depth: given == nil ? .max : depth)
    }

    /// Judges all pairs and writes a line for each.
    private func write(
        _ lists: RerankLists, judge: (String, [RerankCandidate], RerankWork) throws -> [String],
        line: (_ query: String, _ passage: String, _ said: String) -> String
    ) throws {
        var lines: [String] = []
        let monitor = showing.monitor
        let begun = ContinuousClock.now
        for (number, query) in lists.queries.enumerated() {
            let candidates = try lists.candidates(of: query, depth: given == nil ? .max : depth)
            let work = RerankWork(seed: seed, cancellation: monitor.cancellation)
            for (candidate, said) in zip(candidates, try judge(query.text, candidates, work)) {
                lines.append(line(query.id.string, candidate.id, said))
            }
            monitor.report(
                WorkProgress(
                    stage: "judging", fraction: Double(number + 1) / Double(lists.queries.count), count: lines.count,
                    unit: "passages", seconds: (ContinuousClock.now - begun) / .seconds(1),
                    isFinished: number + 1 == lists.queries.count))
        }
        guard let output else { return }
        var file = try AtomicFile(path: output)
        for line in lines { try file.append(line + "\n") }
        try file.finish()
    }
}

/// How a model's grades agree with people's, in words and as JSON.
struct JudgeReport: Encodable {
    let pairs: Int
    let kappa: Double?
    let weightedKappa: Double?
    let binaryKappa: Double?
    let areaUnderCurve: Double?
    let grades: [Int]
    /// By people's grade and the model's.
    let counts: [[Int]]

    init(_ agreement: GradeAgreement, level: Int, modelLevel: Int) {
        (pairs, grades, counts) = (agreement.pairs, agreement.grades, agreement.counts)
        (kappa, weightedKappa) = (agreement.kappa, agreement.weightedKappa)
        binaryKappa = agreement.binaryKappa(level: level, other: modelLevel)
        areaUnderCurve = agreement.areaUnderCurve(level: level)
    }

    var text: String {
        func number(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "-" }
        let head = ["people \\ model"] + grades.map(String.init)
        let rows = zip(grades, counts).map { grade, row in ["\(grade)"] + row.map(\.grouped) }
        return AlignedTable.text([head] + rows) + """
            pairs that both judged: \(pairs.grouped)
            kappa \(number(kappa)), weighted \(number(weightedKappa)), of relevant or not \(number(binaryKappa)); area under the curve \(number(areaUnderCurve))

            """
    }
}
