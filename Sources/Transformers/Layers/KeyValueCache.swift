import Memory

/// The keys and values of every token that a decoder's hypotheses consist of.
///
/// A token has a slot; a hypothesis is a list of slots, shared with its ancestors. So beams are
/// reordered without copying anything, and a slot is free when the last hypothesis with it is gone.
final class KeyValueCache {
    /// g · a of the decoder's configuration: floats of a slot in each buffer.
    let width: Int
    private(set) var keys: [ScratchBuffer]  // a layer each, [slots × width]
    private(set) var values: [ScratchBuffer]
    private var capacity = 0
    private var free: [Int32] = []

    init(_ configuration: StackConfiguration) {
        width = configuration.keyWidth
        keys = Array(repeating: ScratchBuffer(), count: configuration.layerCount)
        values = keys
    }

    /// The slots in use.
    var count: Int { capacity - free.count }

    /// Gives `count` slots, and grows where there are too few.
    func take(_ count: Int) -> [Int32] {
        if free.count < count {
            let grown = max(capacity + count - free.count, 2 * capacity, 64)
            for layer in keys.indices {
                keys[layer].grow(grown * width)
                values[layer].grow(grown * width)
            }
            // The lowest slots are taken first.
            free = (capacity..<grown).reversed().map(Int32.init) + free
            capacity = grown
        }
        return (0..<count).compactMap { _ in free.popLast() }
    }

    func giveBack(_ slots: [Int32]) { free.append(contentsOf: slots) }
}
