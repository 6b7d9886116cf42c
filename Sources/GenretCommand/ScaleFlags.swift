import ArgumentParser
import Engine
import Foundation
import Studies

/// What the options of `genret scale` mean.
struct ScaleFlags {
    private let command: ScaleCommand

    init(_ command: ScaleCommand) { self.command = command }

    /// The study that is asked for.
    func plan(options: IndexOptions) throws -> StudyPlan {
        var plan = StudyPlan()
        plan.options = options
        plan.seed = options.seed
        if let sizes = command.sizes { plan.sizes = try items(sizes, "--sizes").map(size) }
        plan.takesOnlySizesThatFit = command.sizes == nil
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
        plan.distractors = try items(command.distractors, "--distractors").map { text in
            guard let kind = StudySample.Distractors(text) else {
                throw ValidationError("distractors are random, or pooled:N with N of 1 to 100000, not \"\(text)\"")
            }
            return kind
        }
        guard (1...100).contains(command.replicates) else { throw ValidationError("--replicates is 1 to 100") }
        plan.replicates = command.replicates
        plan.docids = try items(command.docids, "--docids").map { text in
            guard let source = DocidRetriever.Source(rawValue: text), source != .trained else {
                throw ValidationError("--docids are tree and rq, not \"\(text)\"")
            }
            return source
        }
        plan.beams = try items(command.beams, "--beams").map { text in
            guard let beam = Int(text), (1...10_000).contains(beam) else {
                throw ValidationError("--beams are 1 to 10000, not \"\(text)\"")
            }
            return beam
        }
        if let typos = command.typos {
            plan.typos = try items(typos, "--typos").map { text in
                guard let share = Double(text), share > 0, share <= 1 else {
                    throw ValidationError("--typos are parts above 0 and at most 1, not \"\(text)\"")
                }
                return share
            }
        }
        plan.threads = try items(command.threads, "--threads").map { text in
            if text == "all" { return nil }
            guard let count = Int(text), (1...1024).contains(count) else {
                throw ValidationError("--threads are numbers from 1 and all, not \"\(text)\"")
            }
            return count
        }
        if let limit = command.limitQueries, limit < 1 { throw ValidationError("--limit-queries is at least 1") }
        return plan
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
