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
        case CorpusError.cancelled: fail("\(CorpusError.cancelled)", 130)
        case CorpusError.empty(_, _, let first?) where first.reason == BadLine.titleOnly,
            IndexingError.corpus(.empty(_, _, let first?)) where first.reason == BadLine.titleOnly:
            fail("\(error); \(CorpusSummary.titleOnlyAdvice)", 1)
        case CorpusError.badLine(let bad) where bad.reason == BadLine.titleOnly,
            IndexingError.corpus(.badLine(let bad)) where bad.reason == BadLine.titleOnly:
            fail("\(error); \(CorpusSummary.titleOnlyAdvice)", 1)
        // A reader that had enough is told nothing, as everywhere.
        case CorpusError.unwritable("-", String(cString: strerror(EPIPE))): end(128 + SIGPIPE)
        case let error as CorpusError: fail("\(error)", 1)
        case IndexingError.cancelled: fail(Interrupt.shared.sentence, 130)
        case let error as IndexingError: fail("\(error)", code(of: error))
        case let error as EngineError: fail("\(error)", code(of: error))
        case let error as StorageError: fail("\(error)", 3)
        case let error as ModelError: fail("\(error)", 1)
        case let error as LearningError: fail("\(error)", 1)
        case let error as TrainingError: fail("\(error)", 1)
        case is BatchSearch.Stopped: fail(Interrupt.shared.sentence, 130)
        case let error as Failure: fail(error.sentence, error.code)
        case let error as OutputFile.Failure: fail("\(error)", 1)
        case let error as CocoaError: fail(error.fileReason, 1)
        default:
            // What is left is the parser's own, which knows its words; anything else prints itself.
            let (code, words) = (command.exitCode(for: error).rawValue, command.fullMessage(for: error))
            if !words.isEmpty {
                if code == 0 { print(words) } else { StandardStreams.shared.error(words + "\n") }
            }
            end(code)
        }
    }

    /// A failure whose sentence is already complete.
    struct Failure: Error {
        var sentence: String
        var code: Int32 = 1
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
        StandardStreams.shared.error("genret: \(sentence)\n")
    }

    private static func fail(_ sentence: String, _ code: Int32) -> Never {
        StandardStreams.shared.error("genret: \(sentence)\n")
        end(code)
    }

    /// Ends the process. Output that was lost makes a success a failure: 141 where the reader had gone away,
    /// as a shell shows it, else 1.
    static func end(_ code: Int32) -> Never {
        guard let lost = StandardStreams.shared.finish() else { Foundation.exit(code) }
        if lost != EPIPE {
            StandardStreams.shared.error("genret: standard output: \(String(cString: strerror(lost)))\n")
        }
        Foundation.exit(code != 0 ? code : lost == EPIPE ? 128 + SIGPIPE : 1)
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
