import Decoding
import Foundation
import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

/// What is generated, held against Hugging Face transformers.
@Suite struct GenerationParityTests {
    private func check(_ results: [SequenceSearch.Result], _ beams: [JSONValue], _ what: String = "") {
        #expect(results.count >= beams.count)
        for (result, beam) in zip(results, beams) {
            #expect(result.tokens == beam.ids, "\(what)")
            #expect(abs(result.score - Float(beam["score"]?.number ?? .nan)) < 1e-4 + 1e-5 * abs(result.score))
        }
    }

    private func options(_ json: JSONValue?, _ model: TransformerModel) -> SequenceSearch.Options {
        var options = SequenceSearch.Options(beams: 5, maximumLength: 12, ends: model.configuration.tokens.ends)
        func number(_ name: String) -> Double? { json?[name]?.number }
        options.beams = number("num_beams").map { Int($0) } ?? 5
        options.lengthPenalty = number("length_penalty").map { Float($0) } ?? 1
        options.minimumLength = number("min_new_tokens").map { Int($0) } ?? 0
        options.forcedFirst = number("forced_bos_token_id").map { Int32($0) }
        options.forcedLast = number("forced_eos_token_id").map { Int32($0) }
        options.groups = number("num_beam_groups").map { Int($0) } ?? 1
        options.diversityPenalty = number("diversity_penalty").map { Float($0) } ?? 0
        if json?["early_stopping"]?.bool == true { options.stopping = .whenFull }
        if json?["early_stopping"]?.string == "never" { options.stopping = .whenHopeless }
        return options
    }

    @Test("Greedy output and beams of 50 inputs", arguments: TinyModel.generators)
    func cases(name: String) throws {
        let model = try TinyModel.load(name)
        let rule = Unconstrained(vocabularySize: model.configuration.vocabularySize)
        let cases = try TinyModel.reference(name).list("cases")
        #expect(cases.count == 50)
        var greedy = options(nil, model)
        greedy.beams = 1
        for expected in cases {
            let session = try model.session([expected.tokens("source")])
            check(SequenceSearch(options(nil, model)).run(session, rule), expected.list("beams"))
            #expect(SequenceSearch(greedy).run(session, rule)[0].tokens == expected.tokens("greedy"))
        }
    }

    @Test("Options", arguments: TinyModel.generators) func options(name: String) throws {
        let model = try TinyModel.load(name)
        let rule = Unconstrained(vocabularySize: model.configuration.vocabularySize)
        let cases = try TinyModel.reference(name).list("options")
        #expect(cases.count >= 30)
        for expected in cases {
            let session = try model.session([expected.tokens("source")])
            let options = options(expected["options"], model)
            check(SequenceSearch(options).run(session, rule), expected.list("beams"), "\(options)")
        }
    }

    @Test("Beams that a trie leads", arguments: TinyModel.generators) func trie(name: String) throws {
        let model = try TinyModel.load(name)
        let reference = try #require(TinyModel.reference(name)["constrained"])
        let end = model.configuration.tokens.ends[0]
        let paths = reference.list("paths").map { ($0.array ?? []).compactMap(\.int).map(Int32.init) + [end] }
        let rule = TokenTrie(paths)
        for expected in reference.list("cases") {
            let session = try model.session([expected.tokens("source")])
            check(SequenceSearch(options(nil, model)).run(session, rule), expected.list("beams"))
        }
    }

    @Test("Groups of beams", arguments: TinyModel.generators) func groups(name: String) throws {
        let model = try TinyModel.load(name)
        let rule = Unconstrained(vocabularySize: model.configuration.vocabularySize)
        let reference = try #require(TinyModel.reference(name)["groups"])
        for expected in reference.list("cases") {
            let session = try model.session([expected.tokens("source")])
            let options = options(reference["options"], model)
            check(SequenceSearch(options).run(session, rule), expected.list("beams"))
        }
    }

    @Test("A batch and a team change nothing, to the last bit", arguments: TinyModel.generators)
    func batches(name: String) throws {
        let model = try TinyModel.load(name)
        let rule = Unconstrained(vocabularySize: model.configuration.vocabularySize)
        let sources = try TinyModel.reference(name).list("cases").map { $0.tokens("source") }
        let search = SequenceSearch(options(nil, model))
        let together = try model.session(sources)
        let all = search.run(together, sources.indices.map { (together.initialState(ofSource: $0), rule) })
        let alone = try model.session(sources, team: .init(threads: 3))
        for index in sources.indices {
            let one = search.run(alone, [(alone.initialState(ofSource: index), rule)])[0]
            #expect(one == all[index])
        }
    }

    @Test("Scores of allowed tokens only: few and many, alone and in a batch", arguments: TinyModel.generators)
    func allowedOnly(name: String) throws {
        let model = try TinyModel.load(name)
        let vocabulary = Int32(model.configuration.vocabularySize)
        var generator = SeededGenerator(seed: 8)
        var paths: [[Int32]] = []
        for index in 0..<300 {
            var path: [Int32] = []
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                path.append(Int32.random(in: 5..<vocabulary, using: &generator))
            }
            // Some prefixes have a few continuations, others nearly all tokens.
            if index >= 30 { path[0] = Int32(7 + index % 2) }
            paths.append(path)
        }
        let rule = TokenTrie(paths)
        var options = BeamSearch.Options(beams: 6, maximumLength: 4)
        options.renormalizes = true
        let search = BeamSearch(options)
        let sources = try TinyModel.reference(name).list("cases").prefix(9).map { $0.tokens("source") }
        let together = try model.session(sources)
        let all = search.run(together, sources.indices.map { (together.initialState(ofSource: $0), rule) })
        for (index, source) in sources.enumerated() {
            let session = try model.session([source])
            let alone = search.run(session, rule)
            #expect(alone.map(\.tokens) == all[index].map(\.tokens))
            #expect(alone.map(\.stepLogProbs) == all[index].map(\.stepLogProbs))
            for hypothesis in alone.prefix(12) {
                let distributions = session.distributions(of: hypothesis.tokens)
                var state = rule.initialState
                for (place, token) in hypothesis.tokens.enumerated() {
                    var total = 0.0
                    rule.forEachAllowed(in: state) { allowed, _ in
                        total += exp(Double(distributions[place, Int(allowed)]))
                    }
                    let expected = Double(distributions[place, Int(token)]) - log(total)
                    #expect(abs(Double(hypothesis.stepLogProbs[place]) - expected) < 1e-4)
                    state = try #require(rule.advance(state, by: token))
                }
            }
        }
    }
}
