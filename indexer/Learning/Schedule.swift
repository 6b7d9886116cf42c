import Foundation

/// What the learning rate is multiplied by: a line up, then half a cosine down to zero.
package struct Schedule: Sendable, Equatable {
    /// Steps until the rate is whole.
    package var warmup: Int
    /// The step at which it would be zero.
    package var steps: Int

    package init(warmup: Int, steps: Int) {
        precondition(warmup >= 0 && steps > 0)
        (self.warmup, self.steps) = (warmup, steps)
    }

    /// The factor of a step, counted from zero.
    package func rate(_ step: Int) -> Float {
        if step < warmup { return Float(step + 1) / Float(warmup) }
        guard step < steps else { return 0 }
        let share = Double(step - warmup) / Double(max(1, steps - warmup))
        return Float(0.5 * (1 + cos(Double.pi * share)))
    }
}
