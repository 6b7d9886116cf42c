import ArgumentParser
import Corpora
import Engine
import Foundation
import Indexer
import Learning
import Memory
import Storage
import Training
import Transformers

/// The one place where errors become words and exit codes: 0 fine, 1 failed, 3 an index or model
/// that does not fit, 64 usage, 130 interrupted.
enum ErrorMessage {
    static func exit(with error: any Error, from command: any ParsableCommand.Type) -> Never {
        switch error {
        case let error as CorpusError: fail("\(error)", 1)
        case let error as IndexingError: fail("\(error)", code(of: error))
        case let error as EngineError: fail("\(error)", code(of: error))
        case let error as StorageError: fail("\(error)", 3)
        case let error as ModelError: fail("\(error)", 1)
        case let error as LearningError: fail("\(error)", 1)
        case let error as TrainingError: fail("\(error)", 1)
        case is BatchSearch.Stopped: fail("interrupted; no run was written", 130)
        case let error as Failure: fail(error.sentence, 1)
        case let error as OutputFile.Failure: fail("\(error)", 1)
        case let error as CocoaError: fail(error.localizedDescription, 1)
        case is ExitCode, is ValidationError, is CleanExit: command.exit(withError: error)
        default:
            // What is left is the parser's own, which knows its words; anything else prints itself.
            command.exit(withError: error)
        }
    }

    /// A failure whose sentence is already complete.
    struct Failure: Error {
        var sentence: String
    }

    /// The sentence that an error would end the program with.
    static func sentence(of error: any Error) -> String {
        switch error {
        case let error as Failure: error.sentence
        case let error as CocoaError: error.localizedDescription
        default: "\(error)"
        }
    }

    static func note(_ sentence: String) {
        FileHandle.standardError.write(Data("genret: \(sentence)\n".utf8))
    }

    private static func fail(_ sentence: String, _ code: Int32) -> Never {
        FileHandle.standardError.write(Data("genret: \(sentence)\n".utf8))
        Foundation.exit(code)
    }

    private static func code(of error: IndexingError) -> Int32 {
        switch error {
        case .cancelled: 130
        case .index(let error): code(of: error)
        default: 1
        }
    }

    private static func code(of error: EngineError) -> Int32 {
        switch error {
        case .storage, .manifest, .unsupportedFormat, .mismatch, .generator, .queryEncoder, .docids: 3
        case .emptyQuery, .unavailable, .cannotRerank: 1
        }
    }
}
