import ArgumentParser
import Workloads

@main
struct FMWorkloadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fm-workload", abstract: "Choose what will be asked of the index of a text.")

    @Argument(help: "The token file.") var tokens: String
    @Argument(help: "The workload file to write.") var output: String
    @Option(help: "The same seed makes the same workload.") var seed: UInt64 = 1

    func run() throws {
        let file = try TokenFile(path: tokens)
        guard let workload = WorkloadSampler(text: file, seed: seed).sample() else {
            throw FileFault(path: tokens, reason: "the passages are too short to take prefixes from")
        }
        try workload.write(to: output)
    }
}
