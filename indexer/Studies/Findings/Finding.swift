import Evaluation

/// Something that a paper found, as a contrast of cells: what a study says of it is a sign with its interval.
struct Finding: Sendable {
    /// What would be seen here.
    let claim: String
    /// The paper's own figures, or its words where it has none.
    let paper: String
    let citation: String
    let expected: Expected
    let terms: [Term]

    enum Expected: Sendable {
        /// The contrast is above zero.
        case more
        /// The contrast is none that matters: within ``Finding/margin`` of zero.
        case alike
    }

    /// Differences up to this count as none: two points.
    static let margin = 0.02

    /// As a value of "represent": generated questions, as many a passage as a study has at most.
    static let mostQuestions = "most questions"

    /// Cells of one kind in a contrast.
    struct Term: Sendable {
        enum Size: Sendable { case least, largest }

        let weight: Double
        let retriever: String
        /// Options that such cells have. The value `least`, `most` or `second` of a number is the study's own.
        let options: [String: String]
        let size: Size

        init(_ weight: Double, _ options: [String: String], at size: Size = .largest, of retriever: String = "docid") {
            (self.weight, self.retriever, self.options, self.size) = (weight, retriever, options, size)
        }
    }

    enum Verdict: String, Sendable {
        case agrees
        case disagrees
        case unclear = "cannot tell"
        case unmeasured = "not measured"
    }

    /// What a study says.
    struct Outcome: Sendable {
        let verdict: Verdict
        /// The contrast; nil where it was not measured.
        let contrast: Interval?
        /// Contrasts that were averaged, one for each choice of all other options.
        let choices: Int
        let queries: Int
    }
}

extension Finding {
    /// The contrast of a study's cells: query by query, and averaged over all other options in which they agree, so that
    /// each of these weighs alike.
    func outcome(_ study: Study, _ measure: Measure) -> Outcome {
        let values = contrasts(study, measure)
        guard let first = values.first else {
            return Outcome(verdict: .unmeasured, contrast: nil, choices: 0, queries: 0)
        }
        let queries = first.keys.filter { query in values.allSatisfy { $0[query] != nil } }.sorted()
        guard !queries.isEmpty else { return Outcome(verdict: .unmeasured, contrast: nil, choices: 0, queries: 0) }
        let contrast = Bootstrap.mean(
            queries.map { query in values.reduce(0) { $0 + ($1[query] ?? 0) } / Double(values.count) })
        return Outcome(
            verdict: verdict(contrast), contrast: contrast, choices: values.count, queries: queries.count)
    }

    private func verdict(_ contrast: Interval) -> Verdict {
        // Sums of equal values in another order are not quite 0.
        let nothing = 1e-9
        return switch expected {
        case .more: contrast.low > nothing ? .agrees : contrast.high < -nothing ? .disagrees : .unclear
        case .alike:
            // Cells that are alike for every query say that this measure could not tell them apart, not that nothing matters:
            // a beam that keeps much of a small sample has the same first ranks whatever it may write.
            max(contrast.low.magnitude, contrast.high.magnitude) <= nothing
                ? .unclear
                : max(contrast.low.magnitude, contrast.high.magnitude) <= Self.margin
                    ? .agrees : contrast.excludesZero && contrast.value.magnitude > Self.margin ? .disagrees : .unclear
        }
    }

    /// For each choice of the other options that all terms have, the contrast of each query.
    private func contrasts(_ study: Study, _ measure: Measure) -> [[String: Double]] {
        guard let least = study.sizes.first, let largest = study.sizes.last else { return [] }
        if least == largest, Set(terms.map(\.size)).count > 1 { return [] }
        var found: [(weight: Double, cells: [[String: String]: StudyCell], isAlone: Bool)] = []
        for term in terms {
            guard let options = resolved(term.options, study) else { return [] }
            let size = term.size == .least ? least : largest
            let fixed = Set(terms.filter { $0.retriever == term.retriever }.flatMap(\.options.keys))
            var cells: [[String: String]: StudyCell] = [:]
            for cell in study.cells
            where cell.sample.size == size && cell.options.retriever == term.retriever && cell.sample.replicate == 0
                && cell.sample.distractors == "random" && (cell.options.others["typos"] ?? "0") == "0"
                && options.allSatisfy({ cell.options.others[$0.key] == $0.value })
            {
                cells[cell.options.others.filter { !fixed.contains($0.key) }] = cell
            }
            guard !cells.isEmpty else { return [] }
            found.append((term.weight, cells, term.retriever != terms[0].retriever))
        }
        // In a fixed order, so that sums are the same to the last bit.
        let choices = found[0].cells.keys.sorted { Self.text($0) < Self.text($1) }
        return choices.compactMap { rest in
            var sums: [String: Double]?
            for term in found {
                // A retriever without the options of the others is one and the same for all their choices.
                guard let cell = term.isAlone ? term.cells.values.first : term.cells[rest],
                    let values = cell.quality(measure)?.values, values.count == cell.queries.count
                else { return nil }
                let own = Dictionary(zip(cell.queries, values)) { first, _ in first }
                var next: [String: Double] = [:]
                for (query, value) in own {
                    guard let known = sums == nil ? 0 : sums?[query] else { continue }
                    next[query] = known + term.weight * value
                }
                sums = next
            }
            return sums
        }
    }

    private static func text(_ options: [String: String]) -> String {
        options.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// Options with the study's own values; nil where it has too few.
    private func resolved(_ options: [String: String], _ study: Study) -> [String: String]? {
        var resolved = options
        if options["represent"] == Self.mostQuestions {
            let counts = study.cells.compactMap { cell -> Int? in
                let words = cell.options.others["represent"]?.split(separator: "-") ?? []
                return words.count == 2 && words[0] == "queries" ? Int(words[1]) : nil
            }
            guard let most = counts.max() else { return nil }
            resolved["represent"] = "queries-\(most)"
        }
        for (name, value) in options where ["least", "second", "most"].contains(value) {
            let known = Set(study.cells.compactMap { $0.options.others[name].flatMap(Int.init) }).sorted()
            guard known.count > (value == "second" ? 2 : 1) else { return nil }
            resolved[name] = "\(value == "least" ? known[0] : known[known.count - (value == "most" ? 1 : 2)])"
        }
        return resolved
    }
}
