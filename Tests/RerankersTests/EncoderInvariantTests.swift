import Foundation
import Memory
import Rerankers
import Testing
import Transformers

/// What holds for every method, of those whose model reads and does not generate.
@Suite("What no reranker by an encoder may do") struct EncoderInvariantTests {
    private static let miniLM = ModelCache.standard.directory(of: RerankSpec.usualEncoder)
    private static let methods = [
        "crossencoder", "crossencoder,summary=true,passageTokens=4", "crossencoder,alpha=0.5,patience=2,top=2",
        "embedding", "maxsim", "maxsim,patience=2,top=1", "e2rank", "e2rank,window=2",
    ]

    private static func method(_ text: String, threads: Int = 1) throws -> (any RerankMethod)? {
        let spec = try RerankSpec(text)
        let isCross = spec.method == "crossencoder"
        guard let folder = isCross ? TinyChat.folder.appending(path: "tiny_cross") : miniLM else { return nil }
        let model = try RerankModel(contentsOf: folder, precision: .float32, threads: threads)
        return try RerankMethods.make(spec.method, model, spec.options)
    }

    @Test("No passage is lost or doubled, scores fall, and it is the same again", arguments: methods)
    func permutation(name: String) throws {
        guard let method = try Self.method(name), let other = try Self.method(name, threads: 3) else { return }
        for count in [0, 1, 2, 5, 9] {
            let candidates = TinyChat.candidates(count, seed: UInt64(count))
            for depth in [count, count / 2] {
                let outcome = try method.rerank("why is the sky blue", candidates, depth: depth, RerankWork())
                #expect(outcome.entries.map(\.place).sorted() == Array(0..<count))
                let scores = outcome.entries.compactMap(\.score)
                #expect(scores.allSatisfy(\.isFinite) && zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 })
                #expect(outcome.entries.suffix(count - depth).map(\.place) == Array(depth..<count))
                #expect(outcome.cost.malformed == 0)
                let again = try other.rerank("why is the sky blue", candidates, depth: depth, RerankWork())
                #expect(again.entries == outcome.entries)
            }
        }
    }

    @Test("Equal passages keep their order", arguments: methods) func ties(name: String) throws {
        let same = (0..<5).map { RerankCandidate(id: "\($0)", text: "the sky is blue") }
        let outcome = try Self.method(name)?.rerank("sky", same, RerankWork())
        #expect(outcome.map { $0.entries.map(\.place) == Array(0..<5) } ?? true)
    }

    @Test("A budget ends the work, and costs no passage", arguments: methods) func budget(name: String) throws {
        guard let method = try Self.method(name) else { return }
        let candidates = TinyChat.candidates(40, seed: 4)
        let whole = try method.rerank("blue light", candidates, RerankWork())
        for tokens in [1, 50, 200, 100_000] {
            let outcome = try method.rerank("blue light", candidates, RerankWork(budget: .tokens(tokens)))
            #expect(outcome.entries.map(\.place).sorted() == Array(0..<40))
            #expect(outcome.cost.readTokens <= tokens)
            if outcome.cost.cutShort == 0 { #expect(outcome.entries == whole.entries) }
        }
        #expect(
            try method.rerank("blue light", candidates, RerankWork(budget: .tokens(1))).entries.map(\.place)
                == Array(0..<40))
    }

    @Test("A raised cancellation ends it", arguments: methods) func cancelled(name: String) throws {
        guard let method = try Self.method(name) else { return }
        #expect(throws: Cancelled.self) {
            try method.rerank("x", TinyChat.candidates(4, seed: 1), RerankWork(cancellation: Cancellation { true }))
        }
    }
}
