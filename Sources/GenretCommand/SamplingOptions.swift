import ArgumentParser
import Decoding

/// How `model run` draws sequences instead of searching for the best.
struct SamplingOptions: ParsableArguments {
    @Flag(help: "Draw sequences at random.") var sample = false
    @Option(help: "What log-probabilities are divided by; 0 takes the best token always (default: 1).")
    var temperature: Float?
    @Option(help: "Draw among so many best tokens only (default: all).") var topK: Int?
    @Option(help: "Draw among the most likely tokens that make up this probability (default: 1).")
    var topP: Float?
    @Option(help: "The seed of the draws (default: 1).") var seed: UInt64?

    func validate() throws {
        guard sample || (temperature == nil && topK == nil && topP == nil && seed == nil) else {
            throw ValidationError("--temperature, --top-k, --top-p and --seed need --sample")
        }
        guard (temperature ?? 1) >= 0, (temperature ?? 1).isFinite else {
            throw ValidationError("--temperature is not negative")
        }
        guard (topK ?? 1) >= 1 else { throw ValidationError("--top-k is at least 1") }
        guard (topP ?? 1) > 0, (topP ?? 1) <= 1 else { throw ValidationError("--top-p is above 0 and at most 1") }
    }

    /// With the lengths and ends of a search's options.
    func options(samples: Int, _ search: SequenceSearch.Options) -> Sampling.Options {
        var options = Sampling.Options(
            samples: samples, maximumLength: search.maximumLength, ends: search.ends, seed: seed ?? 1)
        options.minimumLength = search.minimumLength
        options.temperature = temperature ?? 1
        options.topK = topK ?? 0
        options.topP = topP ?? 1
        return options
    }
}
