import Foundation

/// Feeds targets in workers, and keeps the inputs that kill one.
package struct FuzzCampaign {
    package var executions: Int?
    package var seconds: Double?
    package var seed: UInt64 = 1
    /// Where inputs that kill are kept.
    package var crashes: URL
    /// A target is given up after so many.
    package var mostCrashes = 20
    private let world: FuzzWorld
    private let worker: URL

    /// - Parameter worker: the executable whose `work` runs a ``FuzzWorker``.
    package init(_ world: FuzzWorld, worker: URL, crashes: URL) {
        (self.world, self.worker, self.crashes) = (world, worker, crashes)
    }

    package struct Result: Sendable {
        package var target: String
        package var executions = 0
        package var accepted = 0
        package var seconds = 0.0
        /// Where their inputs are, and how the worker ended.
        package var crashes: [(file: String, reason: String)] = []
        /// In milliseconds.
        package var slowest = 0.0
        package var slowestNumber = 0
        /// In MiB, beyond what the worker had before its first input.
        package var peak = 0
    }

    /// Feeds one target.
    package func run(_ target: FuzzTarget) throws -> Result {
        var result = Result(target: target.name)
        let path = world.path("case-\(target.name)")
        let cases = try CaseFile(path)
        let start = ContinuousClock.now
        var next = 0
        while result.crashes.count < mostCrashes {
            let passed = (ContinuousClock.now - start) / .seconds(1)
            let left = seconds.map { $0 - passed }
            if let left, left <= 0 { break }
            let end = executions ?? .max
            guard next < end else { break }
            cases.reset()
            let reason = try ended(
                ["work", target.name, world.folder, path, "\(seed)", "\(next)", "\(end)", left.map { "\($0)" } ?? "-"])
            result.executions += cases[.executions]
            result.accepted += cases[.accepted]
            if Double(cases[.slowest]) / 1000 > result.slowest {
                (result.slowest, result.slowestNumber) = (Double(cases[.slowest]) / 1000, cases[.slowestNumber])
            }
            result.peak = max(result.peak, (cases[.peak] - cases[.start]) >> 10)
            guard let reason else { break }
            guard cases[.isReading] == 1 else {
                throw FuzzFailure("the worker of \(target.name) ended by itself: \(reason)")
            }
            result.executions += 1
            result.crashes.append((try keep(cases.input, target, cases[.number]), reason))
            next = cases[.number] + 1
        }
        result.seconds = (ContinuousClock.now - start) / .seconds(1)
        return result
    }

    /// Reads one input again; how the worker ended, nil where it came to its end.
    package func replay(_ file: URL, _ target: FuzzTarget) throws -> String? {
        try ended(["replay", target.name, world.folder, world.path("case-replay"), file.path])
    }

    private func keep(_ input: [UInt8], _ target: FuzzTarget, _ number: Int) throws -> String {
        let folder = crashes.appending(path: target.name)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appending(path: "seed-\(seed)-\(number)")
        try Data(input).write(to: file)
        return file.path
    }

    /// Runs a worker; the last that it said where a signal, or a failure, ended it.
    private func ended(_ arguments: [String]) throws -> String? {
        let log = world.path("log-\(UUID().uuidString)")
        try Data().write(to: URL(filePath: log))
        defer { try? FileManager.default.removeItem(atPath: log) }
        let process = Process()
        process.executableURL = worker
        process.arguments = arguments
        var environment = ProcessInfo.processInfo.environment
        environment["MALLOC_ARENA_MAX"] = "1"
        environment["SWIFT_BACKTRACE"] = environment["SWIFT_BACKTRACE"] ?? "enable=no"
        process.environment = environment
        process.standardOutput = FileHandle.nullDevice
        process.standardError = try FileHandle(forWritingTo: URL(filePath: log))
        try process.run()
        process.waitUntilExit()
        if process.terminationReason == .exit, process.terminationStatus == 0 { return nil }
        let said = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        let cause = said.split(separator: "\n").first { !$0.isEmpty }.map { ": \($0.prefix(300))" } ?? ""
        guard process.terminationReason == .uncaughtSignal else { return "exit \(process.terminationStatus)\(cause)" }
        return (process.terminationStatus == SIGALRM ? "hang" : "signal \(process.terminationStatus)") + cause
    }
}
