import Foundation
import Studies
import Testing

@Suite struct PowerLawTests {
    private let steps = [10.0, 30, 100, 300, 1000, 3000]

    @Test(arguments: [(40.0, 0.5, 0.2), (3.0, 0.25, 0.05), (500.0, 1.0, 0.4)])
    func exactPointsGiveTheirLaw(scale: Double, exponent: Double, floor: Double) throws {
        let law = try PowerLaw(steps.map { ($0, Foundation.pow(scale / $0, exponent) + floor) })
        #expect(abs(law.scale / scale - 1) < 0.05 && abs(law.exponent / exponent - 1) < 0.02)
        #expect(abs(law.floor - floor) < 0.01 && abs(law.heldOutError) < 0.003)
    }

    @Test func theLastPointIsHeldOut() throws {
        let law = { (x: Double) in Foundation.pow(40 / x, 0.5) + 0.2 }
        var points = steps.map { (x: $0, loss: law($0)) }
        points[points.count - 1].loss += 0.1
        let fitted = try PowerLaw(points.shuffled())
        #expect(abs(fitted.heldOutError - 0.1) < 0.003 && abs(fitted.exponent - 0.5) < 0.01)
    }

    @Test func littleGivesNoFit() {
        #expect(throws: PowerLaw.Refusal.fewerThanFivePoints(4)) {
            try PowerLaw([(1, 1), (10, 0.5), (100, 0.3), (1000, 0.2), (1000, 0.21)])
        }
        #expect(throws: PowerLaw.Refusal.underOneAndAHalfDecades(30)) {
            try PowerLaw([(1, 1), (2, 0.5), (4, 0.3), (8, 0.2), (30, 0.1)])
        }
    }

    /// Cells of docids that were learnt for some numbers of steps.
    static func cells(_ steps: [Int]) -> [StudyCell] {
        steps.map { count in
            var cell = ReportTests.cell(
                "docid", 1000, ["docids": "naive", "represent": "first", "steps": "\(count)"],
                ReportTests.values(0.8 - Foundation.pow(2 / Double(count), 0.5)))
            cell.train = .init(steps: count, seconds: 1)
            return cell
        }
    }

    @Test func curvesAreDrawnFromTwoBudgetsOn() {
        #expect(!StudyReport(cells: Self.cells([10])).figureNames.contains("training"))
        let two = StudyReport(cells: Self.cells([10, 100]))
        #expect(two.figureNames.contains("training") && two.html.contains("not fitted: 2 points of at least 5"))
        let five = StudyReport(cells: Self.cells([10, 30, 100, 300, 1000])).html
        #expect(!five.contains("not fitted: 5") && five.contains("docid, naive, fitted"))
    }
}
