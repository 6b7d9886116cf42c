import ArgumentParser
import Serving

/// genret's command line, for the program and for those who have it inside.
package enum CommandLineTool {
    /// Runs a command line and ends the process.
    ///
    /// - Parameter arguments: without the program's name.
    package static func run(_ arguments: [String]) -> Never {
        StandardStreams.prepare()
        Interrupt.shared.watch()
        do {
            let arguments = try CommandName.checked(arguments, in: Genret.self)
            var command = try Genret.parseAsRoot(OlderFlags.rewritten(arguments))
            try command.run()
            if StandardStreams.shared.speaksEvents { StandardStreams.shared.event(.finished) }
            ErrorMessage.end(0)
        } catch {
            ErrorMessage.exit(with: error, from: Genret.self)
        }
    }
}
