import Docids
import Engine
import FMIndex
import IndexStore
import Learning
import Memory
import Ranking
import Synchronization
import Tensors
import Transformers

/// The dense vectors of segments' passages, made from the tokens that their n-gram indexes keep: by the encoder as long as its budget
/// lasts, else by a static encoder, which is fitted to what the encoder made of a sample.
///
/// Title and body follow each other between the encoder's own marks, as for a text "title body".
final class VectorStage: SegmentStage {
    private let encoder: SentenceEncoder?
    private let coding: VectorCoding
    private let seed: UInt64
    private let leastSample: Int
    private let fitsAlways: Bool
    private let learnsTokens: Bool
    private let state: Mutex<State>

    private struct State {
        var budget: EncoderBudget
        var fitted: StaticEncoder?
        /// Of an encoder that was fitted here.
        var description: StaticEncoderPart.Description?
        var tokens: TokenCoding
        var encoded = 0
        var total = 0
    }

    /// Fitted to so many passages at least, where they are there, and at most.
    static let sample = (least: 3_000, most: 10_000)
    /// Passages that are encoded between two looks at the clock, and at whether somebody wants to stop.
    static let slice = 2_048

    /// - Parameters:
    ///   - encoder: nil for no vectors.
    ///   - fitted: the static encoder that the index has; nil where it has none.
    ///   - leastSample: static vectors are fitted to so many passages at least; fewer than usual in tests.
    ///   - fitsAlways: fits a static encoder though every passage is encoded, for indexes that are built by this one.
    ///   - tokens: what codes the tokens of the passages that are encoded.
    init(
        _ encoder: SentenceEncoder?, _ options: IndexOptions, fitted: StaticEncoder? = nil,
        leastSample: Int = VectorStage.sample.least, fitsAlways: Bool = false, tokens: TokenCoding = .none
    ) {
        (self.encoder, seed) = (encoder, options.seed)
        (self.leastSample, self.fitsAlways) = (leastSample, fitsAlways)
        coding = VectorCoding(options)
        learnsTokens = if case .learned = tokens { true } else { false }
        state = Mutex(State(budget: options.encoderBudget, fitted: fitted, tokens: tokens))
    }

    /// How vectors were made; nil where none were.
    var report: VectorReport? {
        guard encoder != nil else { return nil }
        return state.withLock { VectorReport(encoded: $0.encoded, total: $0.total, cosine: $0.description?.cosine) }
    }

    /// Gives the index the static encoder, where it was fitted here.
    func installEncoder(in transaction: inout IndexTransaction) throws {
        guard
            let (fitted, said) = state.withLock({ state in
                state.description.flatMap { said in state.fitted.map { ($0, said) } }
            })
        else { return }
        try transaction.install(StaticEncoderPart.self, description: said) { folder, _ in
            try fitted.write(to: folder.writer(StaticEncoderPart.fileName, kind: StaticEncoder.fileKind))
        }
    }

    /// Gives the index the head with its codebook, where that was learned here.
    func installTokens(in transaction: inout IndexTransaction) throws {
        guard learnsTokens, case .known(let coder) = state.withLock({ $0.tokens }) else { return }
        _ = try transaction.install(InteractionPart.self) { folder, _ in
            try coder.write(to: folder.writer(InteractionPart.fileName, kind: TokenCoder.fileKind))
        }
    }

    func write(_ draft: SegmentDraft, _ clock: WorkClock) throws {
        guard let encoder else { return }
        let passages = try PassageTokens(draft.component(FMIndex.self), encoder)
        let d = encoder.dimension
        var encoded: PlaceSet?
        let texts = coding.hasSentences ? try SegmentSentences(draft.component(PassageStore.self)) : nil
        var vectors = FrozenArray<Float>([])
        let sentences = try FrozenArray<Float>(count: (texts?.owners.count ?? 0) * d) { buffer in
            let own = texts.map { ($0, SentenceRows(owners: $0.owners, rows: SharedRows(buffer, columns: d))) }
            vectors = try FrozenArray(count: passages.count * d) { buffer in
                let rows = SegmentVectors(
                    passages: passages, rows: SharedRows(buffer, columns: d), sentences: own)
                encoded = try state.withLock { try fill(rows, draft, &$0, clock) }
            }
        }
        try coding.write(vectors, dimension: d, encoded: encoded, draft, clock)
        vectors = FrozenArray([])
        if let texts { try coding.write(sentences: sentences, of: texts.owners, dimension: d, draft, clock) }
    }

    /// - Returns: the passages that were encoded; nil where all were.
    private func fill(
        _ rows: SegmentVectors, _ draft: SegmentDraft, _ state: inout State, _ clock: WorkClock
    ) throws -> PlaceSet? {
        let count = rows.passages.count
        var tokens = SegmentTokens(draft, state.tokens, tokens: draft.tokens, seed: seed)
        let (order, sampled) = order(rows.passages, state, forTokens: tokens.learns)
        let needed = state.fitted == nil ? min(count, state.budget.sample(leastSample)) : 0
        try clock.begin("vectors", unit: "passages")
        let start = ContinuousClock.now
        var done = 0
        while done < count {
            let spent = (ContinuousClock.now - start) / .seconds(1)
            let slice = tokens.learns ? sampled : Self.slice
            let end = min(count, done + min(slice, max(state.budget.left(after: done, spent), needed - done)))
            guard end > done else { break }
            let collector = tokens.collector()
            rows.encode(Array(order[done..<end]), tokens: collector)
            try tokens.take(order[done..<end], of: collector)
            done = end
            try clock.update(count: done, fraction: Double(done) / Double(count))
        }
        state.tokens = try tokens.finish()
        state.budget.spend(done, (ContinuousClock.now - start) / .seconds(1))
        (state.encoded, state.total) = (state.encoded + done, state.total + count)
        guard done < count || (fitsAlways && state.fitted == nil && count > 0) else { return nil }
        try clock.begin("static vectors", unit: "passages")
        let fitted = state.fitted ?? fit(rows, Array(order[..<min(done, Self.sample.most)]), &state)
        guard done < count else { return nil }
        let encoded = PlaceSet(order[..<done].lazy.map(Int.init), capacity: count)
        rows.fill(fitted) { !encoded.contains($0) }
        try clock.update(count: count, fraction: 1)
        return encoded
    }

    /// The order in which passages are encoded: random, unless all are and none is a sample. A codebook is learned from the first.
    ///
    /// - Returns: and how many of the first these are.
    private func order(
        _ passages: PassageTokens, _ state: State, forTokens learns: Bool
    ) -> (order: [Int32], sampled: Int) {
        let order = Array(0..<Int32(passages.count))
        let isRandom = fitsAlways || !state.budget.isEnough(for: order.count)
        guard isRandom || learns else { return (order, 0) }
        var random = SeededGenerator(seed: seed &+ 7)
        let shuffled = order.shuffled(using: &random)
        guard learns else { return (shuffled, 0) }
        var (sampled, tokens) = (0, 0)
        while sampled < order.count, tokens < SegmentTokens.sample {
            tokens += min(passages.framed(Int(shuffled[sampled])).count, TokenCoder.passageTokens)
            sampled += 1
        }
        return (isRandom ? shuffled : shuffled[..<sampled] + shuffled[sampled...].sorted(), sampled)
    }

    private func fit(_ rows: SegmentVectors, _ sample: [Int32], _ state: inout State) -> StaticEncoder {
        let result = rows.fit(sample)
        state.fitted = result.encoder
        state.description = .init(cosine: result.cosine, fitted: result.fitted)
        return result.encoder
    }
}
