import Corpora
import Evaluation
import Foundation

/// Reads what `genret eval` is given, and has it judged.
struct EvalInput {
    private let command: EvalCommand

    init(_ command: EvalCommand) { self.command = command }

    /// Judges and compares the runs, one after the other; how many of them could not be.
    func judge(into report: inout EvalReport) throws -> Int {
        let judgements = try command.qrels.map { try readJudgements($0) }
        let evaluator = try judgements.map { try makeEvaluator($0) }
        let groups = try command.comparing.variants.map { try QueryGroups.read(path: $0) }
        if let groups { say(alone: groups) }
        var first: TRECRun?
        return try eachRun { path, run in
            // What cannot be judged is not compared, either.
            let evaluation = try evaluator.map { try evaluate(run, path, by: $0) }
            let consistency = try groups.map { try compareForms(in: run, path, $0, judgements) }
            if command.comparing.compareRuns {
                if let first { report.changes.append(try compare(run, path, with: first)) }
                first = first ?? run
            }
            if let evaluation { report.evaluations.append(evaluation) }
            if let consistency { report.variants.append((run.tag, consistency)) }
        }
    }

    /// Judges the runs by two judgements, over the queries of both.
    func judgeTwice(_ other: String, into report: inout EvalReport) throws -> Int {
        guard let qrels = command.qrels else { return 0 }
        let both = [try readJudgements(qrels), try readJudgements(other)]
        let shared = Set(both[0].queryIDs).intersection(both[1].queryIDs)
        guard !shared.isEmpty else {
            throw ErrorMessage.Failure(
                sentence: "\(other): none of its queries is judged in \(qrels); "
                    + Self.ids(both[1].queryIDs, both[0].queryIDs, in: qrels))
        }
        for (path, judgements) in zip([qrels, other], both) where judgements.queryIDs.count > shared.count {
            let alone = judgements.queryIDs.count - shared.count
            ErrorMessage.note(
                "\(path): \(alone.grouped) of its queries are not in the other judgements and count nowhere")
        }
        let evaluators = try both.map { try makeEvaluator($0.only(shared)) }
        var evaluations: [[RunEvaluation]] = [[], []]
        let failures = try eachRun { path, run in
            let pair = try evaluators.map { try evaluate(run, path, by: $0) }
            for place in pair.indices { evaluations[place].append(pair[place]) }
        }
        guard evaluations[0].count > 1 else { return failures }
        report.agreements = measures.map { measure in
            JudgementAgreement(
                reference: evaluations[0], other: evaluations[1], measure: measure, test: command.comparing.test,
                correction: report.correction)
        }
        return failures
    }

    /// A run that cannot be judged does not end the evaluation of the others.
    private func eachRun(_ body: (String, TRECRun) throws -> Void) throws -> Int {
        var failures = 0
        for path in command.runs {
            do {
                try body(path, try readRun(path))
            } catch {
                guard command.runs.count > 1 else { throw error }
                ErrorMessage.note(ErrorMessage.sentence(of: error))
                failures += 1
            }
        }
        return failures
    }

    private func readRun(_ path: String) throws -> TRECRun {
        var run = try TRECRun.read(path: path)
        if command.judging.removeQuery { run = run.withoutQueryPassages() }
        if command.runs.count > 1 || run.tag.isEmpty { run.tag = Self.name(of: path) }
        return run
    }

    /// Each measure once, in the order in which they were asked for.
    private var measures: [Measure] {
        guard !command.measures.isEmpty else {
            let utility: [Measure] = command.judging.hasUtilities ? [.other(.utility, 5)] : []
            return command.comparing.agreement == nil ? Measure.standard + utility : [.ndcgCut(10)] + utility
        }
        var seen: Set<Measure> = []
        return command.measures.compactMap(MeasureList.init).flatMap(\.measures).filter { seen.insert($0).inserted }
    }

    /// What a column is called: the file's name without what stands behind its last dot.
    static func name(of path: String) -> String { URL(filePath: path).deletingPathExtension().lastPathComponent }

    private func readJudgements(_ path: String) throws -> Qrels {
        var cut = 0
        var first: (place: SourceLine, text: String)?
        let judgements = try Qrels.read(path: path) { place, text in
            cut += 1
            first = first ?? (place, text)
        }
        if let first {
            ErrorMessage.note(
                "\(first.place): of the grade \"\(first.text)\" the whole part is read, as trec_eval does"
                    + (cut > 1 ? ", and so of \((cut - 1).grouped) more" : ""))
        }
        return judgements
    }

    private func makeEvaluator(_ judgements: Qrels) throws -> Evaluator {
        let options = EvaluationOptions(
            measures: measures, relevanceLevel: command.l, countsMissingQueries: command.c)
        let utilities =
            try command.judging.utility.map { try PassageValues.read(path: $0) }
            ?? command.judging.abstention.map { try PassageValues.read(path: $0).complements }
        return Evaluator(qrels: judgements, options: options, utilities: utilities ?? PassageValues())
    }

    private func evaluate(_ run: TRECRun, _ path: String, by evaluator: Evaluator) throws -> RunEvaluation {
        let judged = evaluator.qrels
        let evaluation = evaluator.evaluate(command.judging.judgedOnly ? run.onlyJudged(by: judged) : run)
        if evaluation.queryIDs.isEmpty {
            let reason =
                run.queryIDs.isEmpty
                ? "the run has no lines"
                : "none of its queries is judged in \(command.qrels ?? ""); "
                    + Self.ids(run.queryIDs, judged.queryIDs, in: "the judgements")
            guard command.c else { throw ErrorMessage.Failure(sentence: "\(path): \(reason)") }
            ErrorMessage.note("\(path): \(reason); with -c it scores 0")
        }
        if evaluation.passagesWithoutUtility > 0 {
            ErrorMessage.note(
                "\(path): \(evaluation.passagesWithoutUtility.grouped) of the passages that UDCG looks at have no "
                    + "utility; they gain nothing and count as passages")
        }
        return evaluation
    }

    private func compare(_ run: TRECRun, _ path: String, with first: TRECRun) throws -> RunChange {
        let change = RunChange(run, against: first, persistence: command.comparing.rboP)
        guard !change.queryIDs.isEmpty else {
            throw ErrorMessage.Failure(
                sentence: "\(path): it shares no query with \(first.tag); "
                    + Self.ids(run.queryIDs, first.queryIDs, in: first.tag))
        }
        let alone = change.onlyInBaseline.count + change.onlyInRun.count
        if alone > 0 {
            ErrorMessage.note(
                "\(path): \(alone.grouped) quer\(alone == 1 ? "y is" : "ies are") only in it or only in \(first.tag), "
                    + "and not compared")
        }
        return change
    }

    private func compareForms(
        in run: TRECRun, _ path: String, _ groups: QueryGroups, _ judgements: Qrels?
    ) throws -> VariantConsistency {
        let consistency = VariantConsistency(
            run, groups: groups, qrels: judgements, level: command.l, persistence: command.comparing.rboP)
        let queries = groups.groups.flatMap(\.queries)
        guard consistency.withoutList < consistency.variantCount else {
            throw ErrorMessage.Failure(
                sentence: "\(path): none of its queries is among the variants; "
                    + Self.ids(run.queryIDs, queries, in: "the variants"))
        }
        if consistency.withoutList > 0 {
            ErrorMessage.note(
                "\(path): \(consistency.withoutList.grouped) of \(consistency.variantCount.grouped) variants have no "
                    + "list; they share nothing with the others")
        }
        return consistency
    }

    private func say(alone groups: QueryGroups) {
        let alone = groups.groups.count { $0.queries.count == 1 }
        guard alone > 0 else { return }
        ErrorMessage.note(
            "\(alone.grouped) group\(alone == 1 ? " has" : "s have") one query and say\(alone == 1 ? "s" : "") nothing")
    }

    /// The first ids of two files that should have the same ones.
    private static func ids(_ own: [Identifier], _ others: [Identifier], in place: String) -> String {
        func first(_ ids: [Identifier]) -> String {
            ids.prefix(3).map(\.string).joined(separator: ", ") + (ids.count > 3 ? ", …" : "")
        }
        return "its ids are \(first(own)), those of \(place) are \(first(others))"
    }
}
