import Memory

/// The activations of one thread's forward pass; reused, and grown when a batch needs more.
final class BertScratch {
    private let configuration: ModelConfiguration
    private var tokenCapacity = 0
    private var lengthCapacity = 0

    /// Token states, [tokens × hidden].
    private(set) var states = Buffer()
    /// Queries, keys and values side by side, [tokens × 3 hidden].
    private(set) var queryKeyValue = Buffer()
    /// Attention's output before its projection, [tokens × hidden].
    private(set) var context = Buffer()
    /// A projection before it joins the states, [tokens × hidden].
    private(set) var projected = Buffer()
    /// Feed-forward activations of one block of rows, [block × intermediate].
    private(set) var intermediate = Buffer()
    /// One head's attention weights, [length × length].
    private(set) var scores = Buffer()
    /// One head's packed keys or values.
    private(set) var packed = Buffer()

    typealias Buffer = ScratchBuffer

    init(_ configuration: ModelConfiguration) {
        self.configuration = configuration
    }

    /// Makes room for a batch of so many tokens whose longest text has `longest` tokens.
    func reserve(tokens: Int, longest: Int, block: Int, packedCount: (Int) -> Int) {
        let h = configuration.hiddenSize
        if tokens > tokenCapacity {
            tokenCapacity = tokens
            states = Buffer(count: tokens * h)
            queryKeyValue = Buffer(count: tokens * 3 * h)
            context = Buffer(count: tokens * h)
            projected = Buffer(count: tokens * h)
        }
        if intermediate.count == 0 {
            intermediate = Buffer(count: block * configuration.intermediateSize)
        }
        if longest > lengthCapacity {
            lengthCapacity = longest
            scores = Buffer(count: longest * longest)
            packed = Buffer(count: packedCount(longest))
        }
    }
}

/// Uninitialised floats that live as long as the value.
struct ScratchBuffer {
    let base: UnsafeMutablePointer<Float>
    let count: Int
    private let owner: HeapAllocation

    init(count: Int = 0) {
        owner = HeapAllocation(bytes: count * MemoryLayout<Float>.stride)
        base = owner.pointer.bindMemory(to: Float.self, capacity: max(count, 16))
        self.count = count
    }
}
