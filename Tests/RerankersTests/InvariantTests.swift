import Memory
import Rerankers
import Testing

/// What holds for every method, whatever it is given.
@Suite("What no reranker may do") struct InvariantTests {
    private static let sizes = [0, 1, 2, 3, 5, 9]

    @Test("No passage is lost or doubled, and scores fall", arguments: TinyChat.methods)
    func permutation(method: String) throws {
        let method = try TinyChat.method(method)
        for (seed, count) in Self.sizes.enumerated() {
            let candidates = TinyChat.candidates(count, seed: UInt64(seed))
            for depth in [count, count / 2] {
                let outcome = try method.rerank("why is the sky blue", candidates, depth: depth, RerankWork())
                #expect(outcome.entries.map(\.place).sorted() == Array(0..<count))
                let scores = outcome.entries.compactMap(\.score)
                #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 })
                // What was not scored stays below what was, in the order in which it came.
                let tail = outcome.entries.drop { $0.isReached }
                #expect(tail.allSatisfy { !$0.isReached && $0.score == nil })
                #expect(tail.map(\.place) == tail.map(\.place).sorted())
                #expect(outcome.entries.count { $0.place >= depth } == count - depth)
                #expect(outcome.entries.suffix(count - depth).map(\.place) == Array(depth..<count))
            }
        }
    }

    @Test("The same again, whatever the threads and what prompts share", arguments: TinyChat.methods)
    func repeatable(name: String) throws {
        let candidates = TinyChat.candidates(7, seed: 3)
        func outcome(_ method: any RerankMethod, seed: UInt64 = 5) throws -> RerankOutcome {
            try method.rerank("bread keeps", candidates, RerankWork(seed: seed, query: 2))
        }
        let first = try outcome(TinyChat.method(name))
        for (sharing, threads) in [(true, 1), (true, 3), (false, 1)] {
            let again = try outcome(TinyChat.method(name, sharing: sharing, threads: threads))
            // To the last bit.
            #expect(again.entries == first.entries)
            #expect(again.cost.promptTokens == first.cost.promptTokens && again.cost.calls == first.cost.calls)
            if !sharing { #expect(again.cost.readTokens >= first.cost.readTokens) }
        }
    }

    @Test("Equal passages keep their order", arguments: TinyChat.methods.filter { !$0.hasPrefix("group") })
    func ties(name: String) throws {
        // Only methods that look at one passage, or at two both ways, see no difference between places.
        guard ["yesno", "prorank", "graded", "likelihood", "pairwise"].contains(where: name.hasPrefix) else { return }
        let same = (0..<5).map { RerankCandidate(id: "\($0)", text: "the sky is blue") }
        let outcome = try TinyChat.method(name).rerank("sky", same, RerankWork())
        #expect(outcome.entries.map(\.place) == [0, 1, 2, 3, 4])
    }

    @Test("A budget ends the work, and costs no passage", arguments: TinyChat.methods)
    func budget(name: String) throws {
        let method = try TinyChat.method(name)
        let candidates = TinyChat.candidates(8, seed: 4)
        let whole = try method.rerank("blue light", candidates, RerankWork())
        #expect(whole.cost.cutShort == 0)
        var wasCut = false
        for tokens in [1, 200, 700, 1_500, 4_000] {
            let work = RerankWork(budget: .tokens(tokens))
            let outcome = try method.rerank("blue light", candidates, work)
            #expect(outcome.entries.map(\.place).sorted() == Array(0..<8))
            #expect(outcome.cost.readTokens + outcome.cost.generatedTokens <= tokens)
            if outcome.cost.cutShort > 0 { wasCut = true } else { #expect(outcome.entries == whole.entries) }
        }
        #expect(wasCut)
        let nothing = try method.rerank("blue light", candidates, RerankWork(budget: .tokens(1)))
        #expect(nothing.entries.map(\.place) == Array(0..<8))
    }

    @Test("A raised cancellation ends it", arguments: TinyChat.methods) func cancelled(name: String) throws {
        let work = RerankWork(cancellation: Cancellation { true })
        #expect(throws: Cancelled.self) {
            try TinyChat.method(name).rerank("x", TinyChat.candidates(4, seed: 1), work)
        }
    }
}
