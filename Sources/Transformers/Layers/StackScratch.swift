import Tensors

/// The activations of one task's passes through a stack; reused, and grown when a batch needs more.
final class StackScratch {
    private let configuration: StackConfiguration
    private var capacity = 0

    /// The task's threads, and what its products work with.
    var products = ProductScratch()
    /// Token states, [rows × d].
    private(set) var states = ScratchBuffer()
    /// States after a norm that stands before its sublayer, or a sublayer's output before the
    /// norm after it, [rows × d].
    private(set) var side = ScratchBuffer()
    /// Queries, keys and values side by side, [rows × (h·a + 2·g·a)].
    private(set) var queryKeyValue = ScratchBuffer()
    /// Attention's output before its projection, [rows × h·a].
    private(set) var context = ScratchBuffer()
    /// Keys and values of one layer, packed for products.
    var packed = ScratchBuffer()
    /// Feed-forward activations of one block of rows, [block × f or 2f], and gated, [block × f].
    private(set) var intermediate = ScratchBuffer()
    private(set) var gated = ScratchBuffer()

    /// Rows of the feed-forward layers at a time, so that their activations stay in the cache.
    static let block = 480

    var team: ThreadTeam { products.team }

    init(_ configuration: StackConfiguration) {
        self.configuration = configuration
    }

    /// Makes room for so many rows.
    func reserve(rows: Int) {
        guard rows > capacity else { return }
        capacity = rows
        let d = configuration.width
        states.reserve(rows * d)
        side.reserve(rows * d)
        queryKeyValue.reserve(rows * (configuration.queryWidth + 2 * configuration.keyWidth))
        context.reserve(rows * configuration.queryWidth)
        let f = configuration.feedForwardWidth
        let blockRows = min(rows, StackScratch.block)
        intermediate.reserve(blockRows * f * (configuration.isGated ? 2 : 1))
        if configuration.isGated { gated.reserve(blockRows * f) }
    }
}
