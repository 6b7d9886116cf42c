import Foundation
import Transformers

/// Where a model is that a command names: in the cache, or at a path.
struct ModelPlace {
    let url: URL
    /// The name in the cache; nil for a path.
    let name: String?

    init(_ argument: String) throws {
        if let folder = ModelCache.standard.directory(of: argument) {
            (url, name) = (folder, argument)
        } else if FileManager.default.fileExists(atPath: argument) {
            (url, name) = (URL(filePath: argument), nil)
        } else {
            let isKnown = KnownModel.all.contains { $0.name == argument }
            throw ErrorMessage.Failure(
                sentence: isKnown
                    ? "\(argument) is not installed; run \"genret model fetch \(argument)\""
                    : "\(argument): no model of the cache, file or folder has this name")
        }
    }
}
