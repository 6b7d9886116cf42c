import Foundation

/// The folder of models on this machine: one Hugging Face style folder a model.
public struct ModelCache: Sendable {
    /// The folder that holds the models' folders; it need not exist.
    public let directory: URL

    public init(directory: URL) {
        self.directory = directory
    }

    /// The user's cache: `GENRET_MODELS`, else `genret/models` in `XDG_CACHE_HOME`, else in
    /// `~/.cache`, where `~` is `HOME` or else the account's own home.
    public static var standard: ModelCache {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["GENRET_MODELS"], !path.isEmpty {
            return ModelCache(directory: URL(fileURLWithPath: path, isDirectory: true))
        }
        let cache =
            if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
                URL(fileURLWithPath: path, isDirectory: true)
            } else if let home = environment["HOME"], home.hasPrefix("/") {
                URL(fileURLWithPath: home, isDirectory: true).appendingPathComponent(".cache")
            } else {
                FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
            }
        return ModelCache(directory: cache.appendingPathComponent("genret/models", isDirectory: true))
    }

    /// The folder of a model, or nil when it is not there.
    ///
    /// A model is there when its folder holds a `config.json` or a `.gguf` file, which describes
    /// itself; ``verify(_:)`` looks deeper.
    public func directory(of name: String) -> URL? {
        guard ModelCache.isName(name) else { return nil }
        let folder = directory.appendingPathComponent(name, isDirectory: true)
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.contains { $0 == "config.json" || $0.hasSuffix(".gguf") } ? folder : nil
    }

    /// Whether a name can be a folder of the cache: no separators, not hidden.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }
}
