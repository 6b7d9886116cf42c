import ArgumentParser
import Memory

/// How a long command tells of its work.
struct ProgressFlags: ParsableArguments {
    enum Form: String, ExpressibleByArgument, CaseIterable { case auto, line, json, none }

    @Flag(name: .shortAndLong, help: "No progress.") var quiet = false
    @Option(
        help: ArgumentHelp(
            "auto rewrites a line on a terminal and writes a line a stage elsewhere; line does that on a terminal, too; json makes all of standard error events, one JSON object a line, the last of them finished or failed; none is --quiet. (default: auto)",
            visibility: .hidden))
    var progress: Form?

    var isQuiet: Bool { quiet || progress == Form.none }

    /// Parsing is the first that a command does, and what is said from then on is said in the form asked for.
    func validate() throws {
        if quiet, let progress, progress != .none {
            throw ValidationError("--quiet does not go with --progress \(progress.rawValue)")
        }
        if progress == .json { StandardStreams.shared.speakEvents() }
    }

    /// Shows work until it is interrupted.
    var monitor: WorkMonitor { ProgressLine(isQuiet ? .none : progress ?? .auto).monitor }
}
