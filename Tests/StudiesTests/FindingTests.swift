import Foundation
import Studies
import Testing

/// What a report makes of a paper's findings, by cells whose values are given outright.
@Suite struct FindingTests {
    private func cell(
        _ docids: String, _ represent: String, _ size: Int, _ mean: Double, _ more: [String: String] = [:]
    )
        -> StudyCell
    {
        var cell = ReportTests.cell(
            "docid", size,
            ["docids": docids, "represent": represent, "layers": "2", "typos": "0"].merging(more) { $1 },
            ReportTests.values(mean))
        cell.quality = ["MRR@10": cell.quality["nDCG@10"] ?? .init(mean: 0)]
        cell.train = .init(steps: 1, seconds: 1)
        return cell
    }

    /// The row of a finding that begins so: its points and its verdict.
    private func row(_ claim: String, _ cells: [StudyCell]) throws -> (points: String, choices: String, verdict: String)
    {
        let html = StudyReport(cells: cells).html
        let pattern = try Regex(
            "<td>\(claim)[^<]*</td><td>[^<]*</td><td class=\"n\">([^<]*)</td><td class=\"n\">[^<]*</td><td class=\"n\">[^<]*</td><td class=\"n\">[^<]*</td><td class=\"n\">([^<]*)</td><td>([^<]*)</td>",
            as: (Substring, Substring, Substring, Substring).self)
        let match = try #require(html.firstMatch(of: pattern))
        return (String(match.output.1), String(match.output.2), String(match.output.3))
    }

    @Test(arguments: [(0.5, 0.3, "20.0", "agrees"), (0.3, 0.5, "-20.0", "disagrees"), (0.5, 0.5, "0.0", "cannot tell")])
    func verdictsFollowTheSign(questions: Double, first: Double, points: String, verdict: String) throws {
        // Two schemes in which all else is alike are averaged.
        let cells = ["naive", "tree"].flatMap { docids in
            [cell(docids, "queries-40", 1000, questions), cell(docids, "first", 1000, first)]
        }
        let row = try row("Generated questions are learnt from better than first", cells)
        #expect(row.points == points && row.choices == "2")
        #expect(row.verdict == verdict)
    }

    @Test func whatIsNotThereIsNotMeasured() throws {
        let cells = [cell("naive", "queries-40", 1000, 0.5), cell("naive", "first", 1000, 0.4)]
        #expect(try row("Dense retrieval is ahead", cells).verdict == "not measured")
        // A change with the size takes two sizes, and the largest network two smaller ones.
        #expect(try row("Generated questions gain on first words", cells).verdict == "not measured")
        #expect(try row("The largest network", cells).verdict == "not measured")
        let sentence = try #require(StudyReport(cells: cells).sentences.first)
        #expect(sentence.hasPrefix("Of 11 findings of Pradeep et al. 2023, 1 agree with these cells, 0 disagree"))
        #expect(!StudyReport(cells: ReportTests.small).html.contains("Pradeep"))
    }

    @Test func changesWithTheSizeAreContrasts() throws {
        var cells: [StudyCell] = []
        for (size, questions, first) in [(1000, 0.6, 0.55), (10_000, 0.5, 0.3)] {
            cells += [cell("naive", "queries-40", size, questions), cell("naive", "first", size, first)]
        }
        let row = try row("Generated questions gain on first words", cells)
        #expect(row.points == "15.0" && row.verdict == "agrees")
    }

    @Test(arguments: [(0.5, 0.49, "agrees"), (0.5, 0.4, "disagrees"), (0.5, 0.5, "cannot tell")])
    func noDifferenceIsWithinAMargin(yes: Double, no: Double, verdict: String) throws {
        let cells = [
            cell("naive", "queries-40", 1000, yes, ["constrained": "yes"]),
            cell("naive", "queries-40", 1000, no, ["constrained": "no"]),
        ]
        #expect(try row("Constrained decoding makes", cells).verdict == verdict)
    }

    @Test func anotherRetrieverIsOneForAllChoices() throws {
        var dense = ReportTests.cell("dense", 1000, [:], ReportTests.values(0.7))
        dense.quality = ["MRR@10": dense.quality["nDCG@10"] ?? .init(mean: 0)]
        let cells = [
            cell("naive", "queries-40", 1000, 0.5, ["constrained": "yes"]),
            cell("naive", "queries-40", 1000, 0.4, ["constrained": "yes", "layers": "4"]), dense,
        ]
        let row = try row("Dense retrieval is ahead", cells)
        #expect(row.points == "25.0" && row.choices == "2" && row.verdict == "agrees")
        #expect(try self.row("A larger network finds more", cells).points == "-10.0")
    }
}
