import CKernels
import Tensors

/// Adam with decoupled weight decay (Loshchilov and Hutter 2019), as PyTorch computes it.
///
/// Biases, gains and other single rows do not decay. A parameter without a gradient stays as it is.
public struct AdamW: Sendable, Equatable {
    public var learningRate: Float
    public var weightDecay: Float = 0.01
    public var beta1: Float = 0.9
    public var beta2: Float = 0.999
    public var epsilon: Float = 1e-8

    public init(learningRate: Float) {
        self.learningRate = learningRate
    }

    /// Updates every trained parameter that has a gradient and forgets the gradients.
    ///
    /// - Parameters:
    ///   - step: the number of the update, from 1 on; moments are corrected by it.
    ///   - rate: what the learning rate is multiplied by, see ``Schedule``.
    ///   - gradientScale: what gradients are multiplied by, see ``ParameterStore/clipping(norm:to:)``.
    package func update(
        _ store: ParameterStore, step: Int, rate: Float = 1, gradientScale: Float = 1,
        _ team: ThreadTeam
    ) {
        precondition(step > 0)
        for parameter in store.parameters where !parameter.isFrozen && parameter.hasGradient {
            let size = Double(learningRate) * Double(rate) * Double(parameter.rate)
            let (gradient, _) = parameter.takeGradient()
            let moments = parameter.takeMoments()
            let decay = parameter.decays ? Double(weightDecay) : 0
            var values = ck_adamw_step(
                gradient_scale: gradientScale, keep: Float(1 - size * decay), beta1: beta1, beta2: beta2,
                step: Float(size / (1 - power(beta1, step))),
                correction: Float(1 / (1 - power(beta2, step)).squareRoot()), epsilon: epsilon)
            let x = parameter.values.base
            let grain = max(16_384, (parameter.count + 4095) / 4096)
            team.run((parameter.count + grain - 1) / grain) { part in
                let start = part * grain
                ck_adamw(
                    x + start, gradient + start, moments.first.base + start,
                    moments.second.base + start, min(grain, parameter.count - start), &values)
            }
            parameter.changed()
            parameter.clearGradient()
        }
    }

    private func power(_ base: Float, _ exponent: Int) -> Double {
        // By squares, in double precision: the same on every machine.
        var (result, square, rest) = (1.0, Double(base), exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= square }
            square *= square
            rest >>= 1
        }
        return result
    }
}

extension ParameterStore {
    /// The Euclidean norm of all gradients together.
    package func gradientNorm(_ team: ThreadTeam) -> Double {
        // Blocks of a fixed size, added in order: the same sum on any number of threads.
        let block = 1 << 16
        var sum = 0.0
        for parameter in parameters where !parameter.isFrozen && parameter.hasGradient {
            let (gradient, _) = parameter.takeGradient()
            let parts = (parameter.count + block - 1) / block
            let sums = [Double](unsafeUninitializedCapacity: parts) { sums, count in
                let base = sums.baseAddress
                team.run(parts) { part in
                    let start = part * block
                    base?[part] = ck_sum_of_squares(gradient + start, min(block, parameter.count - start))
                }
                count = parts
            }
            sum += sums.reduce(0, +)
        }
        return sum.squareRoot()
    }

    /// What gradients of the norm `norm` must be multiplied by so that it is at most `limit`
    /// (Pascanu, Mikolov and Bengio 2013, as PyTorch computes it).
    package static func clipping(norm: Double, to limit: Double) -> Float {
        Float(min(1, limit / (norm + 1e-6)))
    }
}
