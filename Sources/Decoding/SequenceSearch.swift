#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Looks for the best whole sequences: beam search as sequence-to-sequence models use it, greedy
/// with one beam.
///
/// A sequence is whole after an end token, when the constraint says so, or when it is as long as may
/// be. The rules, ties apart, are those of Hugging Face transformers' `generate` (version 4.57):
/// of the candidates of a step, those among the best B that are whole are finished with their score
/// divided by length to a power, and the best B others go on. Groups of beams that avoid what
/// the groups before them said at the same step are those of Vijayakumar et al. 2016.
public struct SequenceSearch: Sendable {
    /// When a search may end before its sequences are as long as may be.
    public enum Stopping: Sendable {
        /// As soon as B sequences are finished.
        case whenFull
        /// When the best beam, were it finished now, would not be among the B best.
        case whenWorse
        /// When the best beam can never be among the B best.
        case whenHopeless
    }

    public struct Options: Sendable {
        /// The number of beams, B; 1 is greedy search.
        public var beams = 5
        /// The most tokens of a sequence, the end token included.
        public var maximumLength = 64
        /// No end token comes before so many others.
        public var minimumLength = 0
        /// The power of the length by which a finished sequence's score is divided.
        public var lengthPenalty: Float = 1
        public var stopping = Stopping.whenWorse
        /// The tokens that end a sequence.
        public var ends: [Int32] = []
        /// The only possible first token.
        public var forcedFirst: Int32?
        /// The only possible last token of a sequence that is as long as may be.
        public var forcedLast: Int32?
        /// Groups, a divisor of the number of beams, that avoid each other's tokens.
        public var groups = 1
        /// What a token's log-probability loses for each beam of an earlier group that chose it.
        public var diversityPenalty: Float = 0
        public var repetition = Repetition()

        public init(beams: Int = 5, maximumLength: Int = 64, ends: [Int32] = []) {
            self.beams = beams
            self.maximumLength = maximumLength
            self.ends = ends
        }
    }

    /// A finished sequence.
    public struct Result: Sendable, Equatable {
        /// With the end token, where there is one.
        public var tokens: [Int32]
        public var stepLogProbs: [Float]
        /// The sum of the log-probabilities, divided by length to a power.
        public var score: Float
    }

    public var options: Options

    public init(_ options: Options) { self.options = options }

    /// The best sequences of one search, score falling; at most B.
    public func run<Model: StepModel, Rule: Constraint>(_ model: Model, _ constraint: Rule) -> [Result] {
        run(model, [(model.initialState, constraint)])[0]
    }

    /// Runs several searches together: a step of the model scores the beams of all.
    ///
    /// - Returns: for each search what it would find alone.
    public func run<Model: StepModel, Rule: Constraint>(
        _ model: Model, _ queries: [(start: Model.State, constraint: Rule)]
    ) -> [[Result]] {
        guard options.beams > 0 else { return queries.map { _ in [] } }
        let groups = max(options.groups, 1)
        precondition(options.beams >= groups && options.beams % groups == 0, "groups must divide the beams")
        var searches = queries.map { query in
            (0..<groups).map { _ in
                GroupSearch<Model.State, Rule>(query.start, query.constraint, beams: options.beams / groups)
            }
        }
        var scores = StepScores()
        for length in 0..<max(options.maximumLength, 0) {
            var states: [Model.State] = []
            for query in searches.indices {
                for group in searches[query].indices where !searches[query][group].isDone {
                    searches[query][group].placeRows(states.count)
                    states += searches[query][group].states
                }
            }
            if states.isEmpty { break }
            scores.removeAll()
            model.score(states, into: &scores)
            let isForced = restrict(&scores, length)
            for query in searches.indices {
                var chosen: [Int32] = []
                for group in searches[query].indices where !searches[query][group].isDone {
                    chosen += searches[query][group].step(
                        model, &scores, options, length: length, isForced: isForced, avoiding: chosen)
                }
            }
        }
        return searches.map { groups in
            groups.flatMap(\.results).enumerated()
                .sorted { ($1.element.score, $0.offset) < ($0.element.score, $1.offset) }
                .map(\.element)
        }
    }

    /// Forces and forbids the tokens of this length. Returns whether it forces one, which no other
    /// rule touches.
    private func restrict(_ scores: inout StepScores, _ length: Int) -> Bool {
        if length == options.maximumLength - 1, let last = options.forcedLast {
            scores.force(last)
            return true
        }
        if length == 0, let first = options.forcedFirst {
            scores.force(first)
            return true
        }
        if length < options.minimumLength { options.ends.forEach { scores.forbid($0) } }
        return false
    }
}
