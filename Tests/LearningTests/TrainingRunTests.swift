import Foundation
import Learning
import Memory
import Storage
import Tensors
import TestSupport
import Testing
import Transformers

/// Learns which of some fixed vectors each input belongs to.
private final class SmallTask: TrainingTask {
    let parameters = ParameterStore()
    var fingerprint = "small"
    let inputs = Parameter(name: "inputs", shape: [40, 6], isFrozen: true)
    let table = Parameter(name: "table", shape: [10, 6], isFrozen: true)
    /// What the held-out loss is said to be, in turn.
    var heldOut: [Double?]?
    private(set) var batches: [TrainingBatch] = []

    init() {
        for (name, shape) in [("map.weight", [6, 6]), ("map.bias", [6])] {
            parameters.add(name, shape: shape, .normal(deviation: 0.3), seed: 4)
        }
        Initialization.normal(deviation: 1).fill(inputs, seed: 1)
        Initialization.normal(deviation: 1).fill(table, seed: 2)
    }

    private func loss(_ rows: [Int32], on tape: Tape) -> Variable {
        let x = tape.linear(
            tape.rows(of: inputs, rows), parameters["map.weight"]!, bias: parameters["map.bias"])
        return tape.crossEntropy(x, against: table, SoftTargets(tokens: rows.map { $0 % 10 }))
    }

    func loss(of batch: TrainingBatch, on tape: Tape) -> TrainingLoss {
        batches.append(batch)
        var generator = SeededGenerator(seed: batch.seed)
        return TrainingLoss(loss(generator.sample(8, of: 30), on: tape), examples: 8)
    }

    func heldOutLoss(on tape: Tape) -> Double? {
        if heldOut != nil { return heldOut?.removeFirst() }
        return Double(tape.number(loss((30..<40).map { $0 }, on: tape)))
    }

    var weights: [[UInt32]] { parameters.parameters.map { $0.matrix.values.map(\.bitPattern) } }
}

private struct Stop: Error {}

@Suite struct TrainingRunTests {
    private func plan(_ steps: Int = 20) -> TrainingPlan {
        var plan = TrainingPlan(.steps(steps), optimiser: AdamW(learningRate: 0.05))
        (plan.warmup, plan.evaluationInterval, plan.checkpointInterval) = (4, 4, 5)
        plan.accumulation = 2
        return plan
    }

    @Test("The loss falls, and the best weights are kept") func learns() throws {
        let task = SmallTask()
        var losses: [Double] = []
        let result = try TrainingRun(task, plan(60), team: ThreadTeam(threads: 1)).run { progress in
            losses.append(progress.loss)
            #expect(progress.plannedSteps == 60)
        }
        #expect(result.steps == 60 && losses.count == 60)
        let (early, late) = (losses.prefix(5).reduce(0, +), losses.suffix(5).reduce(0, +))
        #expect(late < 0.8 * early)
        #expect(Set(task.batches.map(\.seed)).count == 120)
        let tape = Tape()
        #expect(task.heldOutLoss(on: tape) == result.bestLoss)
    }

    @Test("An interrupted run ends with the same bits") func resumes() throws {
        let straight = SmallTask()
        let expected = try TrainingRun(straight, plan(), team: ThreadTeam(threads: 1)).run()

        let folder = try TemporaryFolder()
        #expect(throws: Stop.self) {
            try TrainingRun(SmallTask(), plan(), folder: folder.url, team: ThreadTeam(threads: 1)).run {
                if $0.step == 13 { throw Stop() }
            }
        }
        // What a process leaves that is killed while it writes.
        try Data([1, 2, 3]).write(to: folder.url.appending(path: ".state.safetensors.partial"))
        let resumed = SmallTask()
        let run = try TrainingRun(resumed, plan(), folder: folder.url, team: ThreadTeam(threads: 2))
        #expect(run.step == 10)
        let result = try run.run()
        #expect(resumed.weights == straight.weights)
        #expect(result.bestLoss == expected.bestLoss && result.bestStep == expected.bestStep)
        #expect(resumed.batches == Array(straight.batches.suffix(20)))

        // What is ended stays ended.
        let again = SmallTask()
        let ended = try TrainingRun(again, plan(), folder: folder.url, team: ThreadTeam(threads: 1))
        #expect(ended.step == 20)
        _ = try ended.run()
        #expect(again.weights == straight.weights && again.batches.isEmpty)
    }

    @Test("A run ends when nothing improves") func patience() throws {
        let task = SmallTask()
        task.heldOut = [5, 3, 4, 3.5, 1]
        var plan = plan(40)
        plan.patience = 2
        var best: [[UInt32]] = []
        let result = try TrainingRun(task, plan, team: ThreadTeam(threads: 1)).run {
            if $0.step == 4 { best = task.weights }
        }
        #expect(result.endedEarly && result.steps == 12 && result.bestStep == 4 && result.bestLoss == 3)
        #expect(task.weights == best)
    }

    @Test("Minutes become a number of steps") func minutes() throws {
        let task = SmallTask()
        var plan = plan()
        plan.length = .minutes(0.005)
        var fixed: Set<Int> = []
        let result = try TrainingRun(task, plan, team: ThreadTeam(threads: 1)).run {
            #expect(($0.plannedSteps == nil) == ($0.step < 12))
            if let steps = $0.plannedSteps { fixed.insert(steps) }
        }
        #expect(fixed == [result.steps] && result.steps > 12)
    }

    @Test("Damaged and foreign states are refused with a sentence") func damage() throws {
        let folder = try TemporaryFolder()
        _ = try TrainingRun(SmallTask(), plan(5), folder: folder.url, team: ThreadTeam(threads: 1)).run()
        let file = folder.url.appending(path: "state.safetensors")
        let whole = try Data(contentsOf: file)
        func reason(_ task: SmallTask = SmallTask(), _ plan: TrainingPlan? = nil) -> String {
            let before = task.weights
            do {
                _ = try TrainingRun(
                    task, plan ?? self.plan(5), folder: folder.url, team: ThreadTeam(threads: 1))
                return ""
            } catch {
                #expect(task.weights == before)
                return "\(error)"
            }
        }
        #expect(reason() == "")
        let other = SmallTask()
        other.fingerprint = "other"
        #expect(reason(other).hasSuffix("the state belongs to another model or other data"))
        #expect(reason(SmallTask(), plan(6)).hasSuffix("the state belongs to a run with other options"))
        let larger = SmallTask()
        larger.parameters.add("extra", shape: [3], .ones, seed: 1)
        #expect(reason(larger).hasSuffix("there is no tensor parameters/extra"))
        for length in [0, 5, 100, whole.count / 2, whole.count - 1] {
            try whole.prefix(length).write(to: file)
            #expect(!reason().isEmpty, "cut to \(length)")
        }
        try Data(String(decoding: whole, as: UTF8.self).utf8).write(to: file)
        #expect(!reason().isEmpty)
        var foreign = SafetensorsWriter()
        foreign.add("map.weight", shape: [2], FrozenArray([1, 2]))
        try foreign.write(to: file)
        #expect(reason().hasSuffix("not the state of a training run"))
    }

    @Test("A loss that is no number ends a run") func diverges() throws {
        let task = SmallTask()
        task.parameters["map.bias"]?.update { $0[0] = .nan }
        task.heldOut = [nil]
        #expect {
            try TrainingRun(task, plan(), team: ThreadTeam(threads: 1)).run()
        } throws: {
            "\($0)" == "the loss of step 0 is not a number; a lower learning rate may help"
        }
    }
}
