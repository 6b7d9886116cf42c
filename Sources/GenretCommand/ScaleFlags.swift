import ArgumentParser
import Docids
import Engine
import Foundation
import Studies
import Transformers

/// What the options of `genret scale` mean.
struct ScaleFlags {
    private let command: ScaleCommand

    init(_ command: ScaleCommand) { self.command = command }

    /// The study that is asked for: a preset's, with what else was said.
    ///
    /// - Parameters:
    ///   - models: where the encoder is looked for; nil: only the options are checked.
    ///   - note: hears what is left out.
    func plan(_ models: ModelCache? = nil, note: (String) -> Void = { _ in }) throws -> StudyPlan {
        var plan = StudyPlan()
        if let name = command.preset {
            guard let preset = StudyPresets.named(name) else {
                let known = StudyPresets.all.map(\.name).joined(separator: ", ")
                throw ValidationError("no preset is called \"\(name)\"; there are \(known)")
            }
            preset.fill(&plan)
        } else {
            plan.takesOnlySizesThatFit = command.sizes == nil
        }
        if let models { plan.options = try command.build.options(models, over: plan.options, takesBudgets: true) }
        plan.seed = plan.options.seed
        plan.encoderBudgets = command.build.encoderBudget?.values ?? plan.encoderBudgets
        try setSamples(&plan)
        try setSearches(&plan)
        try setTrainings(&plan, note)
        return plan
    }

    private func setSamples(_ plan: inout StudyPlan) throws {
        if let sizes = command.sizes {
            plan.sizes = try items(sizes, "--sizes").map(size)
            plan.takesOnlySizesThatFit = false
        }
        if let retrievers = command.retrievers {
            plan.retrievers = try items(retrievers, "--retrievers").map { name in
                guard StudyPlan.retrieverNames.contains(name) else {
                    throw ValidationError(
                        "no retriever is called \"\(name)\"; there are \(StudyPlan.retrieverNames.joined(separator: ", "))"
                    )
                }
                return name
            }
        }
        try list(command.distractors, "--distractors", "random, or pooled:N with N of 1 to 100000", &plan.distractors) {
            StudySample.Distractors($0)
        }
        plan.replicates = command.replicates ?? plan.replicates
        guard (1...100).contains(plan.replicates) else { throw ValidationError("--replicates is 1 to 100") }
        if let limit = command.limitQueries, limit < 1 { throw ValidationError("--limit-queries is at least 1") }
        if let growth = command.growth {
            let parts = growth.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let start = Double(parts[0]), start > 0, start < 1, let count = Int(parts[1]),
                (1...100).contains(count)
            else {
                throw ValidationError(
                    "--growth is a share above 0 and below 1 and a number of parts up to 100, as 0.5:5, not \"\(growth)\""
                )
            }
            plan.growth = StudyGrowth(start: start, parts: count)
        }
    }

    private func setSearches(_ plan: inout StudyPlan) throws {
        try list(command.encode, "--encode", "0 to 1000", &plan.encodes) { number($0, 0...1000) }
        try list(command.beams, "--beams", "1 to 10000", &plan.beams) { number($0, 1...10_000) }
        try list(command.typos, "--typos", "parts above 0 and at most 1", &plan.typos) { text in
            Double(text).flatMap { $0 > 0 && $0 <= 1 ? $0 : nil }
        }
        try list(command.threads, "--threads", "numbers from 1 and all", &plan.threads) { text -> Int?? in
            text == "all" ? .some(nil) : number(text, 1...1024).map { .some($0) }
        }
    }

    private func setTrainings(_ plan: inout StudyPlan, _ note: (String) -> Void) throws {
        try list(command.docids, "--docids", schemeNames(DocidScheme.allCases), &plan.docids) {
            DocidScheme(rawValue: $0)
        }
        try list(
            command.represent, "--represent",
            "none, labelled, first, spans-N, queries-N, sentences-N, terms-N or title",
            &plan.representations
        ) { text -> PassageRepresentation?? in
            text == "none" ? .some(nil) : PassageRepresentation(text).map { .some($0) }
        }
        try list(command.decoderLayers, "--decoder-layers", "1 to 24", &plan.layers) { number($0, 1...24) }
        try list(command.constrained, "--constrained", "yes and no", &plan.constrained) { text in
            ["yes": true, "no": false][text]
        }
        var (steps, minutes): ([StudyTraining.Length], [StudyTraining.Length]) = ([], [])
        try list(command.steps, "--steps", "1 to 10000000", &steps) { number($0, 1...10_000_000).map { .steps($0) } }
        try list(command.minutes, "--minutes", "numbers above 0", &minutes) { text in
            Double(text).flatMap { $0 > 0 && $0.isFinite ? .minutes($0) : nil }
        }
        if !steps.isEmpty || !minutes.isEmpty { plan.lengths = steps + minutes }
        plan.labelled = try labelled()
        let isLabelled = plan.representations.contains { $0?.isLabelled ?? false }
        if isLabelled, plan.labelled == nil, command.represent == nil {
            plan.representations.removeAll { $0?.isLabelled ?? false }
            note("there are no labelled queries to learn from, so that part of the preset is left out")
        }
    }

    /// Queries and judgements to learn from; nil where nobody names any and the corpus brings none.
    private func labelled() throws -> LabelledPairs? {
        if command.trainQrels != nil || command.trainQueries != nil {
            return LabelledPairs(
                queries: try command.trainQueries ?? ofFolder("queries.jsonl", "--train-queries"),
                qrels: try command.trainQrels ?? ofFolder("qrels/train.tsv", "--train-qrels"))
        }
        guard let queries = try? ofFolder("queries.jsonl", ""), let qrels = try? ofFolder("qrels/train.tsv", "") else {
            return nil
        }
        return LabelledPairs(queries: queries, qrels: qrels)
    }

    /// Replaces an axis by what an option names.
    private func list<Value>(
        _ text: String?, _ flag: String, _ expected: String, _ values: inout [Value], _ parse: (String) -> Value?
    ) throws {
        guard let text else { return }
        values = try items(text, flag).map { item in
            guard let value = parse(item) else { throw ValidationError("\(flag) takes \(expected), not \"\(item)\"") }
            return value
        }
    }

    private func number(_ text: String, _ range: ClosedRange<Int>) -> Int? {
        Int(text).flatMap { range.contains($0) ? $0 : nil }
    }

    func queriesPath() throws -> String { try command.queries ?? ofFolder("queries.jsonl", "--queries") }

    func qrelsPath() throws -> String { try command.qrels ?? ofFolder("qrels/test.tsv", "--qrels") }

    private func ofFolder(_ name: String, _ flag: String) throws -> String {
        let corpus = command.places[0]
        let path = corpus + (corpus.hasSuffix("/") ? "" : "/") + name
        guard FileManager.default.fileExists(atPath: path) else {
            throw ErrorMessage.Failure(sentence: "\(corpus): has no \(name); give the file with \(flag)")
        }
        return path
    }

    /// What commas separate, each once.
    private func items(_ text: String, _ flag: String) throws -> [String] {
        var seen: Set<String> = []
        let items = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && seen.insert($0).inserted }
        guard !items.isEmpty else { throw ValidationError("\(flag) names nothing") }
        return items
    }

    private func size(_ text: String) throws -> StudyPlan.Size {
        if text == "all" { return .all }
        let units: [Character: Int] = ["k": 1000, "K": 1000, "m": 1_000_000, "M": 1_000_000]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text[...] : text.dropLast()
        guard let number = Int(digits), number > 0, digits.allSatisfy({ ("0"..."9").contains($0) }),
            number <= 1_000_000_000_000 / (unit ?? 1)
        else { throw ValidationError("a size is a number of passages as 500, 10k or 1M, or all, not \"\(text)\"") }
        return .passages(number * (unit ?? 1))
    }
}
