import Evaluation
import Testing

@Suite struct SignificanceTests {
    @Test func agreesWithScipy() throws {
        let fixture = try Fixture.load()
        for student in fixture.students {
            let p = Significance.studentP(t: student.t, degrees: student.degrees)
            #expect(abs(p - student.p) <= 1e-12 + 1e-10 * student.p)
        }
        for sample in fixture.samples {
            let test = Significance.pairedT(sample.first, sample.second)
            #expect(abs(test.t - sample.t) < 1e-9 * max(1, abs(sample.t)))
            #expect(abs(test.p - sample.p) < 1e-9)
            let random = Significance.randomisation(sample.first, sample.second)
            #expect(abs(random - sample.permutation) < 0.02, "\(random) \(sample.permutation)")
        }
    }

    @Test func edges() {
        #expect(Significance.pairedT([], []).p == 1)
        #expect(Significance.pairedT([0.5], [0.7]).p == 1)
        #expect(Significance.pairedT([0.5, 0.2], [0.5, 0.2]).p == 1)
        #expect(Significance.pairedT([0, 0, 0], [1, 1, 1]).p == 0)
        #expect(Significance.randomisation([0.5, 0.2], [0.5, 0.2]) == 1)
        #expect(Significance.randomisation([], []) == 1)
    }

    @Test func seedsRepeat() {
        let first = (0..<40).map { Double($0 * 37 % 11) / 11 }
        let second = (0..<40).map { Double($0 * 53 % 13) / 12 }
        let p = Significance.randomisation(first, second, seed: 5)
        #expect(p == Significance.randomisation(first, second, seed: 5))
        #expect(p != Significance.randomisation(first, second, seed: 6))
    }
}
