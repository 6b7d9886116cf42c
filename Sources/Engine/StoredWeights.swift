import Foundation
import Storage
import Synchronization

/// The weights of a model in an index's folder, and what the manifest says of them.
struct StoredWeights: Sendable {
    let folder: URL
    let sha256: String

    var file: URL { folder.appending(path: "model.safetensors") }

    /// Why these are not the weights of the manifest, in words; nil where they are. Reads the whole file.
    func problem() -> String? {
        guard let bytes = try? Data(contentsOf: file, options: .alwaysMapped) else { return "it cannot be read" }
        let isRight = bytes.withUnsafeBytes { SHA256.hex(of: $0) } == sha256
        return isRight ? nil : "the weights are not those that the manifest names"
    }
}

/// A value that is made when it is first asked for: one caller makes it, others wait. A failure stays.
final class ReadOnce<Value: Sendable>: Sendable {
    private let result = Mutex(Result<Value, EngineError>?.none)

    func value(_ read: () throws(EngineError) -> Value) throws(EngineError) -> Value {
        let found = result.withLock { result in
            let found = result ?? Result { () throws(EngineError) in try read() }
            result = found
            return found
        }
        return try found.get()
    }
}
