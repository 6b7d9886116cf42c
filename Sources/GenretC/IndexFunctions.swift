import CGenret
import Engine
import Foundation
import IndexStore
import Memory
import Search
import Serving
import Transformers

@_cdecl("genret_abi")
public func abi() -> UInt32 { UInt32(GENRET_ABI) }

private nonisolated(unsafe) let versionText = genret_text(copying: Array(GenretVersion.current.utf8))

@_cdecl("genret_version")
public func version() -> genret_text { versionText }

/// How an index is opened.
struct OpenOptions: Decodable {
    /// What answers call the index; nil: as its folder.
    var name: String?
    var precision: Precision?
    /// False searches without an encoder, as if it were not installed.
    var loadEncoder: Bool?
    var models: ModelPlaces?
}

@_cdecl("genret_open")
public func open(
    _ path: genret_text, _ options: genret_text, _ index: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> CInt {
    index?.pointee = nil
    return guarded(error) {
        guard let index else { throw Problem(.invalidOption, "the place for the index is a null pointer") }
        let path = try path.text("path")
        guard !path.isEmpty, !path.contains("\0") else {
            throw Problem(.invalidOption, "the path is empty or holds a zero", member: "path")
        }
        let options = try Requests.decoded(OpenOptions.self, try options.checkedBytes("options"))
        let models = options.loadEncoder == false ? ModelPlaces.none : options.models?.cache() ?? .standard
        let engine = try Engine.open(path, models: models, precision: options.precision ?? .int8)
        let name = options.name ?? IndexName.of(path: path) ?? "index"
        index.pointee = OpenIndexes.shared.add(ServedIndex(name: name, engine: engine))
    }
}

@_cdecl("genret_close")
public func close(_ index: OpaquePointer?) { OpenIndexes.shared.close(index) }

private let desk = CallDesk(limits: .local)

@_cdecl("genret_call")
public func call(
    _ index: OpaquePointer?, _ method: genret_text, _ request: genret_text, _ cancel: UnsafePointer<CInt>?,
    _ answer: UnsafeMutablePointer<genret_text>?, _ error: UnsafeMutablePointer<OpaquePointer?>?
) -> CInt {
    answer?.pointee = .empty
    return guarded(error) {
        guard let answer else { throw Problem(.invalidOption, "the place for the answer is a null pointer") }
        let bytes = try answered(
            index, try method.text("method"), try request.checkedBytes("request"), Flag(cancel).cancellation)
        answer.pointee = genret_text(copying: bytes)
    }
}

private func answered(
    _ index: OpaquePointer?, _ method: String, _ request: [UInt8], _ cancellation: Cancellation
) throws -> [UInt8] {
    guard let kind = Calls.named(method) else {
        let known = Calls.all.map { $0.name }.joined(separator: ", ")
        throw Problem(.notFound, "there is no call \"\(method.prefix(100))\"; there are \(known)", member: "method")
    }
    return try OpenIndexes.shared.with(index) { index in
        let answer: CallDesk.Answer = try desk.answer(kind, request, of: index, cancellation)
        return answer.bytes
    }
}

/// A caller's word that the work is no longer wanted.
struct Flag: @unchecked Sendable {
    private let value: UnsafePointer<CInt>?

    init(_ value: UnsafePointer<CInt>?) { self.value = value }

    var isRaised: Bool { cgenret_flag_value(value) != 0 }

    var cancellation: Cancellation {
        guard value != nil else { return .never }
        return Cancellation { isRaised }
    }
}
