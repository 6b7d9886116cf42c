import BuiltTool
import Testing

extension Tool.Outcome {
    /// Failed by itself with one sentence.
    func expectSentence(
        _ code: Int32, containing parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(exited && self.code == code, "\(self.code): \(errors)", sourceLocation: sourceLocation)
        #expect(errorLines.count == 1 && errors.hasSuffix("\n"), "\(errors)", sourceLocation: sourceLocation)
        #expect(errors.hasPrefix("genret: "), "\(errors)", sourceLocation: sourceLocation)
        for part in parts where !part.isEmpty {
            #expect(errors.contains(part), "\(errors)", sourceLocation: sourceLocation)
        }
        expectNoTrap(sourceLocation: sourceLocation)
    }

    /// Failed with the argument parser's message.
    func expectUsage(containing part: String? = nil, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(exited && code == 64, "\(code): \(errors)", sourceLocation: sourceLocation)
        #expect(errors.hasPrefix("Error: "), "\(errors)", sourceLocation: sourceLocation)
        if let part { #expect(errors.contains(part), "\(errors)", sourceLocation: sourceLocation) }
        expectNoTrap(sourceLocation: sourceLocation)
    }

    func expectSuccess(sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(exited && code == 0, "\(code): \(errors)", sourceLocation: sourceLocation)
        expectNoTrap(sourceLocation: sourceLocation)
    }

    private func expectNoTrap(sourceLocation: SourceLocation) {
        for word in ["Fatal error", "Swift/", "Optional(", "Error Domain", "CorpusError", "EngineError("] {
            #expect(!errors.contains(word), "\(errors)", sourceLocation: sourceLocation)
        }
    }
}
