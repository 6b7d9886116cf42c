import CGenret
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Search
import Serving
import Synchronization

/// What a build says at its end.
private struct BuildAnswer: Encodable {
    var path: String
    var passages: Int
    var tokens: Int
    var segments: Int
    var encoder: String?
    /// "none", "base" or "refined"; nil where no generator was tried.
    var generator: String?
    var seconds: Double
    var timings: [String: Double]
    /// What a person should know.
    var notes: [String]

    init(_ report: IndexReport, at path: String, notes: [String]) throws {
        (self.path, seconds) = (path, report.seconds)
        (passages, tokens) = (report.manifest.passages, report.manifest.tokens)
        (segments, encoder) = (report.manifest.segments.count, report.manifest.encoder?.name)
        timings = Dictionary(report.timings.map { ($0.stage, $0.seconds) }, uniquingKeysWith: +)
        self.notes = notes
        switch report.refinement {
        case nil: break
        case .success(let refinement):
            generator = refinement.choice.rawValue
            if refinement.isCutShort {
                self.notes.append(
                    "the training of the generator ended before its last step; another machine may make another index")
            }
        case .failure(is Cancelled), .failure(EngineError.cancelled):
            throw Problem(.cancelled, "the build was ended; \(path) stands, without a trained generator")
        case .failure(let error): self.notes.append("the index is without a trained generator: \(error)")
        }
    }
}

/// Tells a caller of a build's progress, one event at a time.
private final class ProgressListener: Sendable {
    private struct Caller: @unchecked Sendable {
        var function: genret_progress?
        var context: UnsafeMutableRawPointer?
    }

    private let caller: Mutex<Caller>
    private let isEnded = Atomic<Bool>(false)
    private let flag: Flag

    init(_ function: genret_progress?, _ context: UnsafeMutableRawPointer?, _ flag: Flag) {
        caller = Mutex(Caller(function: function, context: context))
        self.flag = flag
    }

    var monitor: WorkMonitor {
        WorkMonitor(cancellation: Cancellation { [self] in isEnded.load(ordering: .relaxed) || flag.isRaised }) {
            [self] in tell($0)
        }
    }

    private func tell(_ progress: WorkProgress) {
        guard let bytes = try? JSONTree.bytes(of: ProgressEvent.progress(progress)) else { return }
        caller.withLock { caller in
            guard let function = caller.function else { return }
            let answer = Array(bytes).withUnsafeBytes {
                function(
                    caller.context, genret_text(data: $0.bindMemory(to: CChar.self).baseAddress, length: bytes.count))
            }
            if answer != 0 { isEnded.store(true, ordering: .relaxed) }
        }
    }
}

@_cdecl("genret_build")
public func build(
    _ request: genret_text, _ progress: genret_progress?, _ context: UnsafeMutableRawPointer?,
    _ cancel: UnsafePointer<CInt>?, _ report: UnsafeMutablePointer<genret_text>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> CInt {
    report?.pointee = .empty
    return guarded(error) {
        var (builder, notes) = try Requests.decoded(BuildRequest.self, request.checkedBytes("request")).builder()
        builder.monitor = ProgressListener(progress, context, Flag(cancel)).monitor
        let built = try builder.build()
        let answer = try BuildAnswer(built, at: builder.destination.path, notes: notes)
        report?.pointee = genret_text(copying: try JSONTree.bytes(of: answer))
    }
}
