import ArgumentParser

/// How a command says what it did: in words, or as one JSON object on a line.
struct ReportFlags: ParsableArguments {
    @Flag(help: "Say what was done as JSON, one object on a line.") var json = false

    /// Says what was done.
    func say(_ report: @autoclosure () throws -> some Encodable, words: () throws -> Void) throws {
        if json { try print(AnswerJSON.text(of: report(), isLine: true)) } else { try words() }
    }
}
