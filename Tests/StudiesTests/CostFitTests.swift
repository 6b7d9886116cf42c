import Studies
import Testing

@Suite struct CostFitTests {
    private func close(_ value: Double, _ expected: Double) -> Bool {
        (value - expected).magnitude <= 1e-6 * expected.magnitude
    }

    /// Values of NumPy's normal equations and SciPy's Student quantile.
    @Test func agreesWithNumPy() throws {
        let sizes = [1e3, 1e4, 1e5, 1e6, 3e6]
        let fit = try CostFit(.linear, sizes: sizes, costs: [12, 31, 240, 2300, 6700])
        #expect(close(fit.constant, 9.58949882))
        #expect(close(fit.slope, 2.25419402e-03))
        let prediction = fit.prediction(1e7)
        #expect(close(prediction.value, 22551.529675144113))
        #expect(close(prediction.halfWidth, 2276.400223968273))
        let latency = try CostFit(
            .logarithmic, sizes: sizes, costs: [3.1, 4.0, 4.8, 5.9, 6.2], isRelative: false)
        #expect(close(latency.constant, 0.36190228))
        #expect(close(latency.prediction(1e7).value, 6.7079680040752))
        #expect(close(latency.prediction(1e7).halfWidth, 0.34615592533856915))
    }

    @Test func exactLawsAreFoundExactly() throws {
        let sizes = [100.0, 1000, 5000, 20_000, 1e6]
        let fit = try CostFit(.linear, sizes: sizes, costs: sizes.map { 4096 + 190 * $0 })
        #expect(close(fit.slope, 190) && close(fit.constant, 4096))
        #expect(fit.prediction(1e7).halfWidth < 1)
    }

    @Test func refusesTooLittle() {
        #expect(throws: CostFit.Refusal.fewerThanFourSizes(3)) {
            try CostFit(.linear, sizes: [1, 10, 1000, 1000], costs: [1, 2, 3, 3])
        }
        #expect(throws: CostFit.Refusal.underTwoDecades(50)) {
            try CostFit(.linear, sizes: [1, 2, 3, 50], costs: [1, 2, 3, 4])
        }
        #expect(throws: CostFit.Refusal.fewerThanFourSizes(0)) { try CostFit(.linear, sizes: [], costs: []) }
        #expect(CostFit.Refusal.underTwoDecades(33.33).reason.contains("33.3 times"))
    }
}
