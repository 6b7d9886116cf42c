import Evaluation
import Studies
import Testing

@Suite struct ExtrapolationTests {
    private static let counts = (0..<200).map { i in i % 3 == 0 ? (i * i * i) % 97 : i % 5 == 0 ? i % 7 : 0 }

    private func close(_ value: Double, _ expected: Double, _ part: Double = 1e-3) -> Bool {
        (value - expected).magnitude <= part * expected.magnitude
    }

    /// Values of SciPy: Nelder–Mead over nbinom.logpmf, and logsf for what is beyond.
    @Test func fitsAgreeWithSciPy() throws {
        let all = PoissonGamma.Counts(Self.counts.map { $0 }, depth: 1000)
        let model = try #require(PoissonGamma(fitting: all, distractors: 2000))
        #expect(close(model.shape, 0.12928395136500623))
        #expect(close(model.scale, 15.169722309249627))
        let cut = PoissonGamma.Counts(Self.counts.map { $0 < 60 ? $0 : nil }, depth: 60)
        let censored = try #require(PoissonGamma(fitting: cut, distractors: 2000))
        #expect(close(censored.shape, 0.10157146900698787))
        #expect(close(censored.scale, 5.265037298510894))
    }

    @Test func predictionsAgreeWithSciPy() throws {
        let sample = Thinning(
            ranks: Self.counts.map { $0 + 1 }, judgedAbove: [Int](repeating: 0, count: 200), depth: 1000, size: 2000,
            judged: 0)
        let result = try Extrapolation(.hits(10), of: sample, to: 20_000)
        #expect(close(result.interval.value, 0.5633683046724498))
        #expect(result.interval.low < result.interval.value && result.interval.value < result.interval.high)
        #expect(result.factor == 10)
        #expect(try Extrapolation(.hits(10), of: sample, to: 20_000) == result)
    }

    @Test func ruleRefuses() {
        let refused: [(Measure, Double, Extrapolation.Refusal)] = [
            (.hits(1), 2, .weighsFirstRanks(.hits(1))), (.recipRankCut(10), 2, .weighsFirstRanks(.recipRankCut(10))),
            (.ndcgCut(10), 1.5, .weighsFirstRanks(.ndcgCut(10))), (.map, 2, .weighsFirstRanks(.map)),
            (.hits(10), 10.5, .needsRanksBelowOne(measure: .hits(10), factor: 10.5)),
            (.recall(100), 200, .needsRanksBelowOne(measure: .recall(100), factor: 200)), (.hits(10), 1, .notLarger),
            (.bpref, 2, .notOfBestRank(.bpref)),
        ]
        for (measure, factor, refusal) in refused {
            #expect(throws: refusal) { try Extrapolation.check(measure, factor: factor) }
            #expect(!refusal.reason.isEmpty)
        }
        for (measure, factor) in [(Measure.hits(10), 10.0), (.recall(100), 100), (.recall(1000), 8.8)] {
            #expect(throws: Never.self) { try Extrapolation.check(measure, factor: factor) }
        }
        #expect(throws: Extrapolation.Refusal.notOfBestRank(.recall(100))) {
            try Extrapolation.check(.recall(100), factor: 2, hasOneRelevant: false)
        }
        let short = Thinning(ranks: [1, 5, nil], judgedAbove: nil, depth: 50, size: 100, judged: 0)
        #expect(throws: Extrapolation.Refusal.listsTooShort(depth: 50)) {
            try Extrapolation(.recall(100), of: short, to: 200)
        }
        let nothing = Thinning(ranks: [1, 1], judgedAbove: nil, depth: 100, size: 100, judged: 0)
        #expect(throws: Extrapolation.Refusal.nothingToFit) { try Extrapolation(.hits(10), of: nothing, to: 200) }
    }

    /// Nested samples of which the larger ones are known.
    @Test func coversWhatCame() throws {
        let cells = SyntheticStudy(queries: 400, sizes: [10_000, 100_000]).cells().filter { $0.options.others.isEmpty }
        for retriever in ["dense", "bm25", "ngram"] {
            let own = cells.filter { $0.options.retriever == retriever }
            let ranks = try #require(own[0].ranks)
            let sample = Thinning(
                ranks: ranks.best, judgedAbove: ranks.judgedAbove, depth: 1000, size: 10_000,
                judged: own[0].sample.judged)
            for measure in [Measure.hits(10), .recall(100)] {
                let truth = try #require(own[1].quality[measure.description]).mean
                let told = try Extrapolation(measure, of: sample, to: 100_000).interval
                let room = told.halfWidth + 0.03
                #expect((told.value - truth).magnitude < room, "\(retriever) \(measure): \(told), came \(truth)")
            }
        }
    }
}
