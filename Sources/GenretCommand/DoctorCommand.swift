import ArgumentParser
import Engine

/// What does not run here, and why.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what runs on this machine and what does not, for a report of a fault.",
        discussion: """
            Lines that begin with "!" say what cannot run, those with "-" what is worth knowing. The exit code is 1 where \
            something cannot run that the index, or a fetched model, is there for. Nothing is changed, no environment is \
            printed, and the home folder is written ~.
            """)

    @Argument(help: "An index to look into.") var index: String?
    @Flag(help: "Hash models, and check every checksum of the index.") var deep = false
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let report = DoctorReport(Diagnosis(index: index, isDeep: deep))
        print(try json ? AnswerJSON.text(of: report, isLine: false) : report.text)
        if report.faults > 0 { throw ExitCode(1) }
    }
}
