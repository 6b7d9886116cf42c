import Decoding
import Foundation
import Memory
import Tensors
import Transformers

/// The tasks, on sources of seeded tokens.
struct Workload {
    struct Time {
        var median: Double
        var least: Double
        /// The least processor time of all threads.
        var processor: Double
        var runs: Int
    }

    let model: TransformerModel
    let team: ThreadTeam
    let seconds: Double

    private func sources(_ count: Int, _ length: Int) -> [[Int32]] {
        var generator = SeededGenerator(seed: 3)
        let end = model.configuration.tokens.ends.first ?? 2
        return (0..<count).map { _ in
            (1..<length).map { _ in Int32.random(in: 10..<30_000, using: &generator) } + [end]
        }
    }

    /// Repeats a workload; its times in milliseconds.
    private func time(_ run: (Int) throws -> Void) rethrows -> Time {
        try run(0)
        var (times, processor): ([Double], [Double]) = ([], [])
        let start = ContinuousClock.now
        while times.count < 5 || (ContinuousClock.now - start < .seconds(seconds) && times.count < 40) {
            let (before, used) = (ContinuousClock.now, Workload.processorMilliseconds)
            try run(times.count)
            times.append((ContinuousClock.now - before) / .milliseconds(1))
            processor.append(Workload.processorMilliseconds - used)
        }
        times.sort()
        return Time(
            median: times[times.count / 2], least: times[0], processor: processor[times.count / 2],
            runs: times.count)
    }

    private static var processorMilliseconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
    }

    /// Fifteen beams, ten tokens, the encoder included.
    func decode<Rule: Constraint>(_ batch: Int, _ rule: Rule, renormalizes: Bool) throws -> Time {
        let queries = sources(64, 16)
        var options = BeamSearch.Options(beams: 15, maximumLength: 10)
        options.renormalizes = renormalizes
        let search = BeamSearch(options)
        return try time { number in
            let texts = (0..<batch).map { queries[(number * batch + $0) % queries.count] }
            let session = try model.session(texts, team: team)
            let found = search.run(session, (0..<batch).map { (session.initialState(ofSource: $0), rule) })
            precondition(found.allSatisfy { $0.contains { $0.tokens.count == 10 } || renormalizes })
        }
    }

    /// The encoder, and where there is a decoder one greedy step, which is what the peer can do.
    func encode(_ batch: Int, _ length: Int) throws -> Time {
        let texts = sources(batch, length)
        guard model.configuration.decoder != nil else {
            return try time { _ in _ = try model.encode(texts, team: team) }
        }
        let rule = Unconstrained(vocabularySize: model.configuration.vocabularySize)
        let search = BeamSearch(.init(beams: 1, maximumLength: 1))
        return try time { _ in
            let session = try model.session(texts, team: team)
            _ = search.run(session, texts.indices.map { (session.initialState(ofSource: $0), rule) })
        }
    }
}
