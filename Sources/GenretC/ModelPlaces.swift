import Foundation
import Transformers

/// Where models are looked for; what is not said is as on the command line.
struct ModelPlaces: Decodable {
    /// The user's cache.
    var folder: String?
    /// What came with the library.
    var shipped: String?
    /// Models that lie elsewhere, by name, such as those in packages of Python.
    var folders: [String: String]?

    func cache() -> ModelCache {
        let standard = ModelCache.standard
        func url(_ path: String) -> URL { URL(filePath: path, directoryHint: .isDirectory) }
        return ModelCache(
            directory: folder.map(url) ?? standard.directory, shipped: shipped.map(url) ?? standard.shipped,
            elsewhere: (folders ?? [:]).mapValues(url))
    }

    /// No models at all.
    static let none = ModelCache(directory: URL(filePath: "/nonexistent/genret", directoryHint: .isDirectory))
}
