import CGenret
import Search
import Serving

/// What a `genret_error` is behind its pointer.
final class Failure: Sendable {
    nonisolated(unsafe) let problem: genret_text
    nonisolated(unsafe) let sentence: genret_text

    init(_ problem: Problem) {
        self.problem = genret_text(copying: (try? JSONTree.bytes(of: problem)) ?? .init("{}".utf8))
        sentence = genret_text(copying: Array(problem.detail.utf8))
    }

    deinit {
        freeText(problem)
        freeText(sentence)
    }

    static func of(_ error: OpaquePointer) -> Failure {
        Unmanaged<Failure>.fromOpaque(UnsafeRawPointer(error)).takeUnretainedValue()
    }
}

/// Runs a function of the C face: nothing that it throws goes further.
///
/// - Returns: 0, or the problem's HTTP status.
func guarded(_ error: UnsafeMutablePointer<OpaquePointer?>?, _ body: () throws -> Void) -> CInt {
    error?.pointee = nil
    do {
        try body()
        return 0
    } catch let failure {
        let problem = Problem(failure)
        error?.pointee = OpaquePointer(Unmanaged.passRetained(Failure(problem)).toOpaque())
        return CInt(problem.status)
    }
}

@_cdecl("genret_error_problem")
public func errorProblem(_ error: OpaquePointer?) -> genret_text { error.map { Failure.of($0).problem } ?? .empty }

@_cdecl("genret_error_sentence")
public func errorSentence(_ error: OpaquePointer?) -> genret_text { error.map { Failure.of($0).sentence } ?? .empty }

@_cdecl("genret_error_free")
public func freeError(_ error: OpaquePointer?) {
    guard let error else { return }
    Unmanaged<Failure>.fromOpaque(UnsafeRawPointer(error)).release()
}
