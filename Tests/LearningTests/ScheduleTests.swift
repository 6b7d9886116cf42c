import Learning
import Testing

@Suite struct ScheduleTests {
    @Test("A line up, half a cosine down") func shape() {
        let schedule = Schedule(warmup: 4, steps: 12)
        let rates = (0..<14).map { schedule.rate($0) }
        #expect(Array(rates[0...4]) == [0.25, 0.5, 0.75, 1, 1])
        #expect(abs(rates[8] - 0.5) < 1e-6)
        #expect(zip(rates[4...], rates[5...]).allSatisfy { $0 >= $1 })
        #expect(rates[11] > 0 && rates[12] == 0 && rates[13] == 0)
    }

    @Test("Without a warm-up it starts whole") func noWarmup() {
        #expect(Schedule(warmup: 0, steps: 2).rate(0) == 1)
    }
}
