import ArgumentParser
import Foundation
import Learning
import Tensors
import Transformers

/// Times the training of a generator network; the lines are those of `peers/torch_train.py`.
@main
struct TrainBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "train-bench",
        abstract: "Steps of a generator network: forward, backward, clipping and AdamW.")

    @Argument(help: "A folder with the network and the words; made where it does not exist.")
    var folder: String
    @Option(help: "The threads of a step.") var threads = 1
    @Option(help: "Seconds that steps are repeated.") var seconds = 20.0
    @Flag(help: "Only make the folder.") var make = false

    func run() throws {
        let url = URL(fileURLWithPath: folder)
        let words = url.appending(path: "words.safetensors")
        if !FileManager.default.fileExists(atPath: words.path) { try Self.make(url, words) }
        guard !make else { return }
        let store = ParameterStore()
        let configuration = GeneratorConfiguration()
        let table = try store.load(
            "words", shape: [configuration.vocabularySize, configuration.width],
            from: Safetensors(contentsOf: words), isFrozen: true)
        let network = try GeneratorNetwork(contentsOf: url, words: table)
        try measure(TrainWorkload(network: network, team: ThreadTeam(threads: threads)))
    }

    private func measure(_ workload: TrainWorkload) throws {
        let losses = (0..<3).map { workload.step($0) }
        var (times, processor): ([Double], [Double]) = ([], [])
        let start = ContinuousClock.now
        while times.count < 3 || ContinuousClock.now - start < .seconds(seconds) {
            let (before, used) = (ContinuousClock.now, Self.processorSeconds)
            _ = workload.step(3 + times.count)
            times.append((ContinuousClock.now - before) / .seconds(1))
            processor.append(Self.processorSeconds - used)
        }
        times.sort()
        let pairs = Double(TrainWorkload.pairs)
        let text = { (value: Double) in String(format: "%.1f", value) }
        print(
            "engine=genret threads=\(threads) pairs=\(TrainWorkload.pairs)",
            "examples=\(text(pairs / times[times.count / 2])) best=\(text(pairs / times[0]))",
            "cpu=\(text(pairs / (processor.min() ?? 1))) runs=\(times.count)",
            "losses=" + losses.map { String(format: "%.5f", $0) }.joined(separator: ","))
    }

    private static func make(_ url: URL, _ words: URL) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        let configuration = GeneratorConfiguration()
        let table = Parameter(
            name: "words", shape: [configuration.vocabularySize, configuration.width], isFrozen: true)
        Initialization.normal(deviation: 0.05).fill(table, seed: 1)
        let store = ParameterStore()
        store.add(table)
        try store.write(to: words)
        try GeneratorNetwork(configuration, words: table, seed: 2).write(to: url)
    }

    private static var processorSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}
