/// A hypothesis of a decoder: tokens after those of another, with their slots in the cache.
///
/// The slots are taken when the state is scored and return to the cache with the last reference.
package final class DecoderState {
    /// The source that the hypothesis belongs to.
    let source: Int
    /// Tokens that this state adds: the prompt, or one token.
    let tokens: [Int32]
    /// The position of the first of them.
    let position: Int
    /// Whether the model can read the hypothesis; one that is too long has no next token.
    let isReadable: Bool
    private(set) var slots: [Int32] = []
    private(set) var parent: DecoderState?
    private let cache: KeyValueCache

    init(
        source: Int, tokens: [Int32], after parent: DecoderState? = nil, isReadable: Bool = true,
        _ cache: KeyValueCache
    ) {
        self.source = source
        self.tokens = tokens
        self.parent = parent
        self.isReadable = isReadable
        position = parent.map { $0.position + $0.tokens.count } ?? 0
        self.cache = cache
    }

    /// The number of tokens of the whole hypothesis.
    var length: Int { position + tokens.count }

    /// The tokens of the whole hypothesis, its prompt's first.
    var history: [Int32] {
        var parts: [[Int32]] = []
        var state: DecoderState? = self
        while let part = state {
            parts.append(part.tokens)
            state = part.parent
        }
        return Array(parts.reversed().joined())
    }

    /// Takes slots for the tokens of this state.
    func place() {
        if slots.isEmpty { slots = cache.take(tokens.count) }
    }

    /// The slots of the whole hypothesis, first token first, into memory for ``length`` numbers.
    func writeSlots(to history: UnsafeMutablePointer<Int32>) {
        var state: DecoderState? = self
        while let part = state {
            for (offset, slot) in part.slots.enumerated() { history[part.position + offset] = slot }
            state = part.parent
        }
    }

    deinit {
        cache.giveBack(slots)
        // A long chain comes apart link by link, not by one call inside the other.
        var next = parent
        parent = nil
        while isKnownUniquelyReferenced(&next) {
            let state = next
            next = state?.parent
            state?.parent = nil
        }
    }
}
