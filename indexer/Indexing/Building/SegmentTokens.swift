import Docids
import Engine
import FMIndex
import Memory
import Ranking
import Storage
import Synchronization
import Transformers

/// What codes the tokens of an index's passages: nothing, a head whose codebook is learned from the first passages, or what the index
/// has.
enum TokenCoding: Sendable {
    case none
    /// The encoder by the SHA-256 of its weights.
    case learned(InteractionWeights, encoder: String)
    case known(TokenCoder)
}

/// Codes the tokens of a segment's passages while these are encoded: what the encoder reads once gives vectors and codes.
///
/// A codebook is learned from the first passages, whose vectors wait for it in memory; of all others only the codes of a slice do.
struct SegmentTokens: ~Copyable {
    private let draft: SegmentDraft
    private let tokens: Int
    private let seed: UInt64
    private var coding: TokenCoding
    private var writer: TokenCodesWriter?

    /// A codebook is learned from so many tokens: some 50 MB.
    static let sample = 1 << 15
    /// Centroids: the root of the tokens as a power of two, within these bounds and not more than the sample tells apart.
    private static let centroids = 16...2_048
    private static let leastPerCentroid = 16

    /// - Parameter tokens: of the segment.
    init(_ draft: SegmentDraft, _ coding: TokenCoding, tokens: Int, seed: UInt64) {
        (self.draft, self.coding, self.tokens, self.seed) = (draft, coding, tokens, seed)
    }

    /// Whether a codebook is learned from the passages that come next.
    var learns: Bool { if case .learned = coding { true } else { false } }

    /// What the next passages are read into.
    func collector() -> TokenCollector {
        switch coding {
        case .none: TokenCollector(.nothing)
        case .learned(let weights, _): TokenCollector(.vectors(LateInteraction(weights)))
        case .known(let coder): TokenCollector(.codes(coder))
        }
    }

    /// Writes the codes of passages that were read, in the order that is given.
    mutating func take(_ places: ArraySlice<Int32>, of collector: TokenCollector) throws {
        var found = collector.take(places)
        if case .learned(let weights, let encoder) = coding {
            guard let coder = learn(found.map(\.vectors), weights, encoder) else {
                coding = .none
                return
            }
            coding = .known(coder)
            let learned = Parallel.map(count: found.count) { [found] place in
                found[place].vectors.withUnsafeBufferPointer { coder.codebook.codes(of: $0) }
            }
            for place in found.indices { found[place] = .init(codes: learned[place]) }
        }
        guard case .known(let coder) = coding else { return }
        if writer == nil { writer = try TokenCodesWriter(draft, coder) }
        for (place, item) in zip(places, found) {
            try item.codes.withUnsafeBufferPointer { try writer?.add(place, $0) }
        }
    }

    /// Ends the file, where anything was written.
    ///
    /// - Returns: what codes the tokens of later segments.
    consuming func finish() throws -> TokenCoding {
        let coding = coding
        try writer.take()?.finish()
        return coding
    }

    private func learn(
        _ vectors: [[Float]], _ weights: InteractionWeights, _ encoder: String
    ) -> TokenCoder? {
        let sample = FrozenArray(Array(vectors.joined()))
        let count = sample.count / weights.width
        var centroids = Self.centroids.lowerBound
        while centroids < Self.centroids.upperBound, 4 * centroids * centroids <= tokens,
            2 * Self.leastPerCentroid * centroids <= count
        {
            centroids *= 2
        }
        return ResidualCodebookLearner(centroids: centroids, seed: seed).learn(sample, dimension: weights.width)
            .map { TokenCoder(weights, $0, encoder: encoder) }
    }
}

extension TokenCodesWriter {
    /// Of a segment that is being written.
    init(_ draft: SegmentDraft, _ coder: TokenCoder) throws {
        try self.init(
            draft.writer(TokenCodes.self), book: coder.fingerprint, byteCount: coder.codebook.byteCount,
            passages: draft.passages)
    }
}

/// Gets the states of passages from many threads and keeps what is made of their tokens.
final class TokenCollector: Sendable {
    enum Making: Sendable {
        case nothing
        case vectors(LateInteraction)
        case codes(TokenCoder)
    }

    struct Item: Sendable {
        var vectors: [Float] = []
        var codes: [UInt8] = []
    }

    private let making: Making
    private let items = Mutex<[Int32: Item]>([:])

    init(_ making: Making) { self.making = making }

    /// - Parameter states: of the passage's tokens, [tokens × dimension].
    func read(_ place: Int, _ states: UnsafeBufferPointer<Float>) {
        let item: Item
        switch making {
        case .nothing: return
        case .vectors(let head):
            let most = TokenCoder.passageTokens * head.width
            item = Item(vectors: head.withPassage(UnsafeBufferPointer(rebasing: states.prefix(most))) { Array($0) })
        case .codes(let coder): item = Item(codes: coder.codes(ofStates: states))
        }
        items.withLock { $0[Int32(place)] = item }
    }

    /// What was read of some passages, in their order; nothing is kept.
    func take(_ places: ArraySlice<Int32>) -> [Item] {
        items.withLock { items in
            defer { items = [:] }
            return places.map { items[$0] ?? Item() }
        }
    }
}
