import ArgumentParser
import FMIndex
import Foundation
import Storage
import Workloads

/// Measures genret's FM-index with the questions of a workload; `README.md` lists the figures.
@main
struct FMBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fm-bench", abstract: "Measure genret's FM-index over a token file.")

    @Argument(help: "The token file.") var tokens: String
    @Argument(help: "The workload made for it.") var workload: String
    @Option(help: "fast or compact.") var profile = ProfileName.fast
    @Flag(help: "Measure the index that stands beside the token file instead of building it.") var reuse = false
    @Flag(help: "Leave out the suffix array on its own.") var noSuffixArray = false
    // How this program measures a build in a process of its own.
    @Flag(help: .hidden) var buildOnly = false
    @Flag(help: .hidden) var sortOnly = false

    private var indexPath: String { "\(tokens).\(profile.rawValue).genret" }

    func run() throws {
        if sortOnly { return try SuffixSort(tokens: tokens).run() }
        if buildOnly { return try IndexBuild(tokens: tokens, profile: profile.profile, output: indexPath).run() }
        // Stages run in children, so that each has its own peak of memory.
        if !noSuffixArray { try child("--sort-only") }
        if !reuse { try child("--build-only") }
        try measure()
    }

    private func child(_ stage: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: CommandLine.arguments[0])
        process.arguments = [tokens, workload, stage, "--profile", profile.rawValue]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw ExitCode(process.terminationStatus) }
    }

    private func measure() throws {
        let workload = try FMWorkload(path: workload)
        let start = ContinuousClock.now
        let container = try Container(path: indexPath, kind: FMIndex.fileKind)
        let index = try FMIndex(container)
        let opened = ContinuousClock.now - start
        Figure("tokens", "\(index.tokenCount)", unit: "-").print()
        Figure("passages", "\(index.documentCount)", unit: "-").print()
        Sizes(container: container, tokens: index.tokenCount).print()
        Figure("open", opened / .milliseconds(1), unit: "ms").print()
        let questions = Questions(index: index, workload: workload)
        questions.steps()
        questions.batches()
        questions.continuations()
        questions.places()
        DecodeSimulation(index: index, workload: workload).run()
    }
}

/// The profiles' names as options.
enum ProfileName: String, ExpressibleByArgument, CaseIterable {
    case fast, compact

    var profile: NgramProfile { self == .fast ? .fast : .compact }
}
