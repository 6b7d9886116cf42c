import Foundation
import FuzzTargets

// Runs campaigns, and is the worker that they feed: `scripts/fuzz` and the tests call it.
//
//     fuzz-runner campaign FOLDER CRASHES SEED EXECUTIONS|- SECONDS|- [TARGET...]
//     fuzz-runner work TARGET FOLDER CASES SEED FIRST END SECONDS|-
//     fuzz-runner replay TARGET FOLDER CASES INPUT
//     fuzz-runner regressions FOLDER INPUTS
//     fuzz-runner list

func fail(_ text: String) -> Never {
    FileHandle.standardError.write(Data((text + "\n").utf8))
    exit(64)
}

func target(_ name: String) -> FuzzTarget {
    guard let target = FuzzTarget.named(name) else { fail("there is no target \(name)") }
    return target
}

let arguments = CommandLine.arguments
let itself = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath()

switch arguments.dropFirst().first {
case "list":
    for target in FuzzTarget.all { print(target.name) }
case "work" where arguments.count == 9:
    let worker = FuzzWorker(target(arguments[2]), try FuzzWorld(arguments[3]), try CaseFile(arguments[4]))
    let (first, end) = (Int(arguments[6]) ?? 0, Int(arguments[7]) ?? 0)
    try worker.run(first..<max(first, end), seed: UInt64(arguments[5]) ?? 1, seconds: Double(arguments[8]))
case "replay" where arguments.count == 6:
    let input = [UInt8](try Data(contentsOf: URL(filePath: arguments[5])))
    let refusal = try FuzzWorker(target(arguments[2]), try FuzzWorld(arguments[3]), try CaseFile(arguments[4])).run(
        input)
    print(refusal.map { "refused: \($0)" } ?? "read")
case "regressions" where arguments.count == 4:
    let campaign = FuzzCampaign(try FuzzWorld(arguments[2]), worker: itself, crashes: URL(filePath: arguments[2]))
    var failures = 0
    for name in try FileManager.default.contentsOfDirectory(atPath: arguments[3]).sorted()
    where FuzzTarget.named(name) != nil {
        let folder = URL(filePath: arguments[3]).appending(path: name)
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() {
            guard let reason = try campaign.replay(folder.appending(path: file), target(name)) else { continue }
            print("\(name)/\(file): \(reason)")
            failures += 1
        }
    }
    exit(failures == 0 ? 0 : 1)
case "campaign" where arguments.count >= 7:
    let world = try FuzzWorld(arguments[2])
    var campaign = FuzzCampaign(world, worker: itself, crashes: URL(filePath: arguments[3]))
    campaign.seed = UInt64(arguments[4]) ?? 1
    (campaign.executions, campaign.seconds) = (Int(arguments[5]), Double(arguments[6]))
    let chosen = arguments.count > 7 ? arguments[7...].map(target) : FuzzTarget.all
    var failures = 0
    print("target                        executions  accepted     per s  crashes  slowest ms  peak MiB")
    for target in chosen {
        let result = try campaign.run(target)
        failures += result.crashes.count
        let share = result.executions > 0 ? 100 * result.accepted / result.executions : 0
        print(
            String(
                format: "%@ %10d %8d%% %9.0f %8d %11.1f %9d",
                target.name.padding(toLength: 29, withPad: " ", startingAt: 0), result.executions, share,
                Double(result.executions) / result.seconds, result.crashes.count, result.slowest, result.peak))
        for crash in result.crashes { print("    \(crash.file): \(crash.reason)") }
        fflush(nil)
    }
    exit(failures == 0 ? 0 : 1)
default: fail("usage: campaign, work, replay, regressions or list; see the source")
}
