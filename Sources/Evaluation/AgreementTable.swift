/// What two judgements say of some runs, as text.
package struct AgreementTable {
    let agreements: [JudgementAgreement]
    /// What the columns are called: the reference and the other judgements.
    let names: (reference: String, other: String)
    let test: ComparisonTable.Test
    let correction: Correction

    package init(
        _ agreements: [JudgementAgreement], names: (reference: String, other: String), test: ComparisonTable.Test,
        correction: Correction
    ) {
        self.agreements = agreements
        self.names = names
        self.test = test
        self.correction = correction
    }

    /// A block a measure.
    package var text: String {
        let blocks = agreements.map { AlignedTable.text(runs(of: $0)) + "\n" + AlignedTable.text(pairs(of: $0)) }
        return blocks.joined(separator: "\n") + legend
    }

    private func runs(of agreement: JudgementAgreement) -> [[String]] {
        [["\(agreement.measure)", names.reference, names.other, "queries"]]
            + agreement.tags.indices.map { run in
                [
                    agreement.tags[run], FixedNumber.text(agreement.reference[run]),
                    FixedNumber.text(agreement.other[run]), "\(agreement.queryCounts[run])",
                ]
            }
    }

    private func pairs(of agreement: JudgementAgreement) -> [[String]] {
        let correlations = [("tau", agreement.tau), ("tau_ap", agreement.tauAP)].map { name, value in
            [name, value.map(FixedNumber.text) ?? "-"]
        }
        let classes = JudgementAgreement.Class.allCases.map { item in
            ["\(item.rawValue), \(Self.meaning(item))", "\(agreement.classes[item] ?? 0)"]
        }
        return correlations + [["pairs of runs", "\(agreement.pairs)"]] + classes + [
            Self.rate(
                "false positives", agreement.falsePositiveRate, agreement.onlyInOther, agreement.significantInOther),
            Self.rate(
                "false negatives", agreement.falseNegativeRate, agreement.onlyInReference,
                agreement.significantInReference),
        ]
    }

    private static func rate(_ name: String, _ rate: Double?, _ part: Int, _ whole: Int) -> [String] {
        ["\(name), \(part) of \(whole)", rate.map(FixedNumber.text) ?? "-"]
    }

    private static func meaning(_ item: JudgementAgreement.Class) -> String {
        switch item {
        case .aa: "significant in both, same direction"
        case .ad: "significant in both, opposite directions"
        case .ma: "significant in one, same direction"
        case .md: "significant in one, opposite directions"
        case .pa: "significant in neither, same direction"
        case .pd: "significant in neither, opposite directions"
        }
    }

    private var legend: String {
        let pairs = agreements.first?.pairs ?? 0
        let name = correction == .tukey ? ComparisonTable.Test.randomisation : test
        return "significant: p < 0.05, \(name.rawValue), two-sided, "
            + correction.sentence(comparisons: pairs) + "\n"
            + "false positives: significant under \(names.other) and not under \(names.reference); "
            + "false negatives: the reverse\n"
    }
}
