import Memory
import Synchronization
import Tensors

/// A stack's working memory, handed from one task to the next: fresh memory costs more to touch
/// than a short text costs to encode.
final class ScratchPool: Sendable {
    private struct Free: @unchecked Sendable {
        // Unchecked because a scratch is used by the one task that took it.
        var scratches: [StackScratch] = []
    }

    private let configuration: StackConfiguration
    private let free = Mutex(Free())

    init(_ configuration: StackConfiguration) {
        self.configuration = configuration
    }

    func take(_ products: ProductScratch) -> StackScratch {
        let taken = free.withLock { Free(scratches: $0.scratches.popLast().map { [$0] } ?? []) }
        let scratch = taken.scratches.first ?? StackScratch(configuration)
        scratch.products = products
        return scratch
    }

    /// Keeps a scratch for the next task, as many as there are cores.
    func giveBack(_ scratch: StackScratch) {
        let returned = Free(scratches: [scratch])
        free.withLock { free in
            if free.scratches.count < Parallel.cores { free.scratches += returned.scratches }
        }
    }
}
