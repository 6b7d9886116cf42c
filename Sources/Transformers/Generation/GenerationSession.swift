import Decoding
import Memory
import Tensors

/// The decoding of some sources together: a ``StepModel`` whose states are hypotheses of any of them.
///
/// The encoder runs once a source, and its keys and values are shared by all hypotheses. For a model
/// without an encoder a source is a prompt, which the first step reads. A hypothesis that nobody
/// refers to any more frees its rows of the cache. Results do not depend, to the last bit, on what
/// else is decoded in the same session, nor on the number of threads.
///
/// A session is used by one task at a time.
package final class GenerationSession: StepModel {
    let decoder: TransformerStack
    let output: any OutputHead
    let adaptor: PrefixAdaptor?
    let memories: [CrossMemory]
    let cache: KeyValueCache
    let rotation: RotaryTable?
    let scratch: StackScratch
    var rowStates = ScratchBuffer()
    let starts: [DecoderState]

    /// The most tokens of a hypothesis, its prompt included; nil where positions do not end.
    package let maximumLength: Int?

    init(
        _ decoder: TransformerStack, _ output: any OutputHead, adaptor: PrefixAdaptor? = nil,
        memories: [CrossMemory], prompts: [[Int32]], _ products: ProductScratch
    ) {
        self.decoder = decoder
        self.output = output
        self.adaptor = adaptor
        self.memories = memories
        let configuration = decoder.configuration
        let cache = KeyValueCache(configuration)
        self.cache = cache
        scratch = decoder.scratches.take(products)
        maximumLength = configuration.maximumLength
        if case .rotary(let positions) = configuration.positions {
            rotation = RotaryTable(
                positions, width: configuration.headWidth, dividedBy: decoder.weights.rotaryDivisors)
        } else {
            rotation = nil
        }
        starts = prompts.enumerated().map { DecoderState(source: $0, tokens: $1, cache) }
    }

    deinit { decoder.scratches.giveBack(scratch) }

    package var vocabularySize: Int { output.vocabularySize }

    /// The number of sources.
    package var count: Int { starts.count }

    /// The first source's empty hypothesis.
    package var initialState: DecoderState { starts[0] }

    /// A source's empty hypothesis: its prompt, before anything is generated.
    package func initialState(ofSource source: Int) -> DecoderState { starts[source] }

    package func advance(_ state: DecoderState, by token: Int32) -> DecoderState { advance(state, by: [token]) }

    /// The hypothesis with many more tokens, which one step reads.
    package func advance(_ state: DecoderState, by tokens: [Int32]) -> DecoderState {
        let isReadable = state.isReadable && tokens.allSatisfy(isToken) && fits(state.length + tokens.count)
        guard state.slots.isEmpty else {
            return DecoderState(
                source: state.source, tokens: tokens, after: state, isReadable: isReadable, cache)
        }
        // What was never scored is not in the cache: one step reads it together with the new tokens.
        return DecoderState(
            source: state.source, tokens: state.tokens + tokens, after: state.parent,
            isReadable: isReadable, cache)
    }

    /// Reads hypotheses into the cache, so that others can go on from them; those that are there are not read again.
    package func read(_ states: [DecoderState]) {
        let new = states.filter { $0.slots.isEmpty && $0.isReadable }
        if !new.isEmpty { _ = run(new[...]) }
    }

    func isToken(_ token: Int32) -> Bool { token >= 0 && Int(token) < vocabularySize }

    func fits(_ length: Int) -> Bool { maximumLength.map { length <= $0 } ?? true }

    /// One row of log-probabilities over the whole vocabulary for each state.
    ///
    /// A hypothesis of more tokens than ``maximumLength``, or with a token that is not in the
    /// vocabulary, gets a row without any token.
    package func score(_ states: [DecoderState], into scores: inout StepScores) {
        let vocabulary = vocabularySize
        for run in GenerationSession.runs(states) {
            let states = states[run]
            guard states[run.lowerBound].isReadable else {
                for _ in states { scores.addSparse(EmptyCollection()) }
                continue
            }
            let rows = self.run(states)
            scores.addDense(rows: states.count, count: vocabulary) { logits in
                guard let logits = logits.baseAddress else { return }
                output.logProbs(rows, sources: states.map(\.source), into: logits, scratch.products)
            }
        }
    }

    /// The scores of the tokens that a state allows, up to a constant, for a caller that normalises among
    /// them: logits of a language model, of which only these are computed where that is cheaper.
    ///
    /// Tokens that are not in the vocabulary, and all of a state that cannot be read, are left out.
    package func score(
        _ states: [DecoderState], only tokens: [[Int32]], into scores: inout StepScores
    ) {
        for run in GenerationSession.runs(states) {
            guard states[run.lowerBound].isReadable else {
                for _ in run { scores.addSparse(EmptyCollection()) }
                continue
            }
            let rows = self.run(states[run])
            output.score(
                rows, sources: states[run].map(\.source), only: tokens[run].map { $0.filter(isToken) },
                into: &scores, scratch.products)
        }
    }

    /// Consecutive states that can all be read, or all not: nearly always one run.
    private static func runs(_ states: [DecoderState]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        for (index, state) in states.enumerated() {
            if let run = runs.last, states[run.lowerBound].isReadable == state.isReadable {
                runs[runs.count - 1] = run.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        return runs
    }

    /// Runs the decoder on the states; the last token's states after the final norm, adapted where there
    /// is an adaptor, [states × d].
    func run(_ states: ArraySlice<DecoderState>) -> UnsafeMutablePointer<Float> {
        let step = DecoderRows(states)
        rotation?.reserve(positions: step.longest)
        decoder.decode(step, cache, memories, rotation, scratch)
        let width = decoder.configuration.width
        rowStates.reserve(states.count * width)
        for (index, row) in step.last.enumerated() {
            (rowStates.base + index * width).update(from: scratch.states.base + row * width, count: width)
        }
        if let norm = decoder.weights.finalNorm {
            decoder.normalize(rowStates.base, rows: states.count, norm)
        }
        adaptor?.adapt(rowStates.base, prefixes: states.map(\.history), scratch.products)
        return rowStates.base
    }

    /// The log-probability of each of a source's continuation's tokens (teacher forcing).
    ///
    /// All positions are computed in one pass. Complexity: one pass of as many rows as tokens.
    package func stepLogProbs(of tokens: [Int32], source: Int = 0) -> [Float] {
        let distributions = distributions(of: tokens, source: source)
        return tokens.enumerated().map { isToken($1) ? distributions[$0, Int($1)] : -.infinity }
    }

    /// The log-probabilities of all tokens in the places of a continuation's tokens, given those
    /// before: [tokens × vocabulary]; -infinity where those before cannot be read.
    package func distributions(of tokens: [Int32], source: Int = 0) -> Matrix {
        let vocabulary = vocabularySize
        let start = starts[source]
        // What comes before a place must be tokens, and no more than the model reads.
        let known = tokens.prefix(while: isToken).count
        let places = min(
            tokens.count, known + 1, maximumLength.map { max(0, $0 - start.length + 1) } ?? .max)
        let unreadable = [Float](
            repeating: -.infinity, count: (tokens.count - places) * vocabulary)
        guard places > 0 else { return Matrix(rows: tokens.count, columns: vocabulary, values: unreadable) }
        let step = DecoderRows([
            DecoderState(source: source, tokens: start.tokens + tokens[..<(places - 1)], cache)
        ])
        rotation?.reserve(positions: step.longest)
        decoder.decode(step, cache, memories, rotation, scratch)
        // The prompt's last token predicts the first.
        let states = scratch.states.base + (start.tokens.count - 1) * decoder.configuration.width
        if let norm = decoder.weights.finalNorm { decoder.normalize(states, rows: places, norm) }
        adaptor?.adapt(
            states, prefixes: (0..<places).map { start.tokens + tokens[..<$0] }, scratch.products)
        var matrix = Matrix(rows: tokens.count, columns: vocabulary)
        matrix.withUnsafeMutableBuffer { logits in
            guard let base = logits.baseAddress else { return }
            output.logProbs(
                states, sources: Array(repeating: source, count: places), into: base, scratch.products)
            _ = UnsafeMutableBufferPointer(rebasing: logits[(places * vocabulary)...])
                .update(fromContentsOf: unreadable)
        }
        return matrix
    }
}
