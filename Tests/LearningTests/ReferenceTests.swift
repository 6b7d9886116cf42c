import Foundation
import Learning
import Tensors
import Testing

@Suite("Losses, gradients and five steps are PyTorch's") struct ReferenceTests {
    let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test func generator() throws {
        let (network, batch) = try fixture.generator()
        try check("generator", network.parameters) { network.loss(batch, on: $0) }
    }

    @Test func encoder() throws {
        let network = try fixture.encoder()
        try check("encoder", network.parameters, fixture.encoderLoss(network))
    }

    private func check(
        _ model: String, _ store: ParameterStore, _ loss: (Tape) -> Variable
    ) throws {
        let tape = Tape(team: ThreadTeam(threads: 2))
        var optimiser = AdamW(learningRate: fixture.number("rate"))
        optimiser.weightDecay = fixture.number("decay")
        optimiser.beta2 = 0.98
        let steps = Int(fixture.number("steps"))
        let schedule = Schedule(warmup: Int(fixture.number("warmup")), steps: steps)
        for step in 0..<steps {
            tape.clear()
            let number = loss(tape)
            #expect(isClose(Double(tape.number(number)), fixture.numbers(model, "losses")[step]))
            tape.backward(number)
            if step == 0 {
                for parameter in store.parameters {
                    try compare(parameter.gradientMatrix.values, "\(model)/gradient/\(parameter.name)", 1e-4)
                }
            }
            let norm = store.gradientNorm(tape.team)
            #expect(isClose(norm, fixture.numbers(model, "norms")[step]))
            optimiser.update(
                store, step: step + 1, rate: schedule.rate(step),
                gradientScale: ParameterStore.clipping(norm: norm, to: Double(fixture.number("clip"))),
                tape.team)
        }
        for parameter in store.parameters where !hasNoInfluence(parameter.name) {
            try compare(parameter.matrix.values, "\(model)/after/\(parameter.name)", 1e-4)
        }
    }

    /// A bias of all keys changes no softmax: its gradient is rounding, which Adam makes large.
    private func hasNoInfluence(_ name: String) -> Bool {
        name.hasSuffix("attn.k.bias") || name.hasSuffix("self.key.bias")
    }

    private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-4 * abs(b) }

    /// Differences relative to the tensor's size.
    private func compare(_ values: [Float], _ name: String, _ tolerance: Double) throws {
        let reference = try fixture.floats(name)
        try #require(values.count == reference.count)
        let size = reference.map { Double($0 * $0) }.reduce(0, +).squareRoot()
        let distance = zip(values, reference).map { Double(($0 - $1) * ($0 - $1)) }.reduce(0, +).squareRoot()
        #expect(distance <= tolerance * size + 1e-6, "\(name): \(distance) of \(size)")
    }
}
