import BuiltTool
import CGenret
import Foundation
import GenretC
import SampleIndexes
import Search

/// What a caller of the C face sees, without pointers.
enum Face {
    struct Failure: Error {
        var status: Int32
        var problem: JSONTree
        var code: String { if case .string(let code)? = problem["code"] { code } else { "" } }
    }

    static func withText<Result>(_ text: String, _ body: (genret_text) throws -> Result) rethrows -> Result {
        let bytes = text.utf8.map { CChar(bitPattern: $0) }
        return try bytes.withUnsafeBufferPointer { try body(genret_text(data: $0.baseAddress, length: $0.count)) }
    }

    static func string(_ text: genret_text) -> String {
        guard let data = text.data else { return "" }
        return String(decoding: UnsafeRawBufferPointer(start: data, count: text.length), as: UTF8.self)
    }

    static func json(_ text: genret_text) -> JSONTree {
        (try? JSONDecoder().decode(JSONTree.self, from: Data(string(text).utf8))) ?? .null
    }

    /// Throws what a function says; the error's own memory is given back.
    static func check(_ status: Int32, _ error: OpaquePointer?) throws {
        guard status != 0 else { return }
        let problem = json(errorProblem(error))
        freeError(error)
        throw Failure(status: status, problem: problem)
    }

    static func open(_ path: String, _ options: String = #"{"models": {"folder": "/nowhere"}}"#) throws
        -> OpaquePointer?
    {
        var (index, error): (OpaquePointer?, OpaquePointer?)
        let status = withText(path) { path in withText(options) { GenretC.open(path, $0, &index, &error) } }
        try check(status, error)
        return index
    }

    static func call(
        _ index: OpaquePointer?, _ method: String, _ request: String, _ cancel: UnsafePointer<CInt>? = nil
    ) throws -> JSONTree {
        var answer = genret_text()
        var error: OpaquePointer?
        let status = withText(method) { method in
            withText(request) { GenretC.call(index, method, $0, cancel, &answer, &error) }
        }
        try check(status, error)
        defer { freeText(answer) }
        return json(answer)
    }

    static func build(_ request: String, _ progress: genret_progress? = nil, _ context: UnsafeMutableRawPointer? = nil)
        throws -> JSONTree
    {
        var report = genret_text()
        var error: OpaquePointer?
        try check(withText(request) { GenretC.build($0, progress, context, nil, &report, &error) }, error)
        defer { freeText(report) }
        return json(report)
    }

    /// An index of the sample corpus without an encoder.
    static let sample: String = {
        let path = Tool.folder + "/face.genret"
        _ = try? build(#"{"corpus": "\#(Sample.path)", "index": "\#(path)", "options": {"encoder": null}}"#)
        return path
    }()
}
