import ArgumentParser
import Corpora
import Decoding
import Docids
import Engine
import Foundation
import Indexing
import Learning
import Memory
import Search
import Serving
import Storage
import Studies
import Training
import Transformers
import WebServer

/// The one place where errors become words and exit codes: 0 fine, 1 failed, 3 an index or model
/// that does not fit, 64 usage, 130 interrupted.
enum ErrorMessage {
    static func exit(with error: any Error, from command: any ParsableCommand.Type) -> Never {
        if let (sentence, code) = said(of: error) {
            if StandardStreams.shared.speaksEvents {
                var problem = Problem(error)
                (problem.detail, problem.error) = (sentence, sentence)
                StandardStreams.shared.event(.failed(problem))
            } else {
                note(sentence)
            }
            end(code)
        }
        // A reader that had enough is told nothing, as everywhere.
        if case CorpusError.unwritable("-", String(cString: strerror(EPIPE))) = error { end(128 + SIGPIPE) }
        // What is left is the parser's own, which knows its words; anything else prints itself.
        let (code, words) = (command.exitCode(for: error).rawValue, command.fullMessage(for: error))
        if code != 0, StandardStreams.shared.speaksEvents {
            StandardStreams.shared.event(.failed(Problem(code == 64 ? .invalidOption : .internalError, words)))
        } else if !words.isEmpty {
            if code == 0 { print(words) } else { StandardStreams.shared.error(words + "\n") }
        }
        end(code)
    }

    /// The sentence and the exit code of an error of ours; nil of the parser's.
    private static func said(of error: any Error) -> (sentence: String, code: Int32)? {
        switch error {
        case CorpusError.cancelled, is Cancelled, EngineError.cancelled, is BatchSearch.Stopped:
            (Interrupt.shared.sentence, 130)
        case CorpusError.empty(_, _, let first?) where first.reason == BadLine.titleOnly:
            ("\(error); \(CorpusSummary.titleOnlyAdvice)", 1)
        case CorpusError.badLine(let bad) where bad.reason == BadLine.titleOnly:
            ("\(error); \(CorpusSummary.titleOnlyAdvice)", 1)
        case CorpusError.unwritable("-", String(cString: strerror(EPIPE))): nil
        case let error as CorpusError: ("\(error)", 1)
        case let error as IndexingError: (sentence(of: error), 1)
        case let error as EngineError: (sentence(of: error), code(of: error))
        case let error as StorageError: (sentence(of: error), code(of: error))
        case let error as VectorFileError: ("\(error)", 1)
        case let error as ModelError: ("\(error)", 1)
        case let error as LearningError: ("\(error)", 1)
        case let error as TrainingError: (sentence(of: error), 1)
        case let error as StudyError: ("\(error)", 1)
        case let error as DocidError: ("\(error)", 3)
        case let error as TokenTrieDamage: ("\(error)", 3)
        case let error as Failure: (error.sentence, error.code)
        case GenretServer.Fault.address(let address, let reason): ("\(address): \(reason)", 69)
        case let error as GenretServer.Fault: ("\(error)", 64)
        case ReadinessProbe.Fault.address: ("\(error)", 64)
        case let error as ReadinessProbe.Fault: ("\(error)", 1)
        case let error as OutputFile.Failure: ("\(error)", 1)
        case let error as CocoaError: (error.fileReason, 1)
        default: nil
        }
    }

    /// A failure whose sentence is already complete.
    struct Failure: Error {
        var sentence: String
        var code: Int32 = 1
    }

    /// The sentence that an error would end the program with: what is wrong, and the command that mends it.
    static func sentence(of error: any Error) -> String {
        switch error {
        case let error as Failure: error.sentence
        case let error as CocoaError: error.localizedDescription
        default: "\(error)" + (advice(for: error).map { "; \($0)" } ?? "")
        }
    }

    /// The sentence of what a search does without.
    static func sentence(of note: SearchNote) -> String {
        "\(note)" + (advice(for: note.reason).map { "; \($0)" } ?? "")
    }

    /// What a person can do about an error; nil where the error says it, or nobody knows.
    private static func advice(for error: any Error) -> String? {
        switch error {
        case EngineError.unavailable(_, let reason), EngineError.cannotRerank(let reason): advice(for: reason)
        case EngineError.storage(let error): advice(for: error)
        case EngineError.encoderNotInstalled(let name): "\"genret model fetch \(name)\" gets it"
        case EngineError.vectorNotGiven: "--query-vector or --query-vectors gives it one"
        case EngineError.vectorsNotImported: "\"genret index --vectors\" makes an index of such vectors"
        case IndexingError.vectorsMissing: "--vectors gives them"
        case EngineError.noPart(let kind, let index): "\"genret part set \(index) \(kind) FOLDER\" puts it there"
        case EngineError.docids: "\"genret part set\" puts them there anew"
        case StorageError.foreign: nil
        case IndexingError.destinationExists(_, true): "give --force to replace it"
        case IndexingError.passageExists: "\"genret update\" replaces it"
        case IndexingError.noPassages: "nothing was deleted; --lenient passes over ids that are not there"
        case IndexingError.folderEmpty: "nothing was changed; --allow-empty lets that happen"
        case IndexingError.passageInTwo(_, let first, let second) where first != second:
            "--prefer first or last says which one stays"
        case IndexingError.noQueries, TrainingError.noQueries: "\"genret queries make\" makes some"
        case IndexingError.writesNoQuestions: "\"genret train qgen\" trains it"
        default: nil
        }
    }

    static func note(_ sentence: String) {
        StandardStreams.shared.error((StandardStreams.shared.speaksEvents ? "" : "genret: ") + sentence + "\n")
    }

    /// Ends the process. Output that was lost makes a success a failure: 141 where the reader had gone away,
    /// as a shell shows it, else 1.
    static func end(_ code: Int32) -> Never {
        guard let lost = StandardStreams.shared.finish() else { Foundation.exit(code) }
        if lost != EPIPE {
            note("standard output: \(String(cString: strerror(lost)))")
        }
        Foundation.exit(code != 0 ? code : lost == EPIPE ? 128 + SIGPIPE : 1)
    }

    private static func code(of error: EngineError) -> Int32 {
        switch error {
        case .storage(.io): 3
        case .storage(let error): code(of: error)
        case .mismatch, .otherEncoder, .model, .docids: 3
        case .unavailable(_, let reason), .cannotRerank(let reason): code(of: reason)
        case .option: 64
        default: 1
        }
    }

    /// A file that does not fit is the index's or model's fault; one that cannot be written is not.
    private static func code(of error: StorageError) -> Int32 {
        switch error {
        case .locked, .io: 1
        default: 3
        }
    }
}
