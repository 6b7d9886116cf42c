import Charts
import Testing

@Suite struct ChartNumberTests {
    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"), (12.5, 0, "13"), (0.999, 2, "1.00"),
        (1e20, 2, "1e+20"), (123_456_789.125, 3, "123456789.125"),
    ])
    func fixed(_ value: Double, _ decimals: Int, _ text: String) {
        #expect(ChartNumber.fixed(value, decimals) == text)
    }

    @Test func notFinite() {
        for value in [Double.nan, .infinity, -.infinity] {
            #expect(ChartNumber.fixed(value, 2) == ChartNumber.absent)
            #expect(ChartNumber.significant(value, 2) == ChartNumber.absent)
            #expect(ChartNumber.short(value) == ChartNumber.absent)
        }
    }

    @Test(arguments: [
        (1000.0, "1k"), (10_000, "10k"), (1_000_000, "1M"), (1500, "1.5k"), (999, "999"), (999_999, "1M"), (2e9, "2G"),
        (0.25, "0.25"), (8_841_823, "8.84M"), (-20_000, "-20k"), (0, "0"),
    ])
    func short(_ value: Double, _ text: String) { #expect(ChartNumber.short(value) == text) }

    @Test(arguments: [
        (1234.567, 3, "1235"), (1.23456, 3, "1.23"), (0.000123456, 3, "0.000123"), (0.1, 3, "0.1"), (100, 2, "100"),
        (-0.05, 1, "-0.05"),
    ])
    func significant(_ value: Double, _ digits: Int, _ text: String) {
        #expect(ChartNumber.significant(value, digits) == text)
    }

    @Test func byteUnitsNeverHaveZerosAtTheEnd() {
        #expect(ChartNumber.trimmed(2.50, 2) == "2.5")
        #expect(ChartNumber.trimmed(200, 2) == "200")
        #expect(ChartNumber.trimmed(-0.001, 2) == "0")
    }
}
