import Foundation

/// The folder of models on this machine: one Hugging Face style folder a model.
public struct ModelCache: Sendable {
    /// The folder that holds the models' folders; it need not exist.
    public let directory: URL

    /// A folder of the same kind that came with genret and is only read; nil where there is none.
    ///
    /// A model of the same name in ``directory`` hides that of this folder.
    public let shipped: URL?

    /// Folders of single models by their names, such as those that packages of Python carry; they are only read.
    ///
    /// One hides what came with genret, and is hidden by the user's own.
    public let elsewhere: [String: URL]

    public init(directory: URL, shipped: URL? = nil, elsewhere: [String: URL] = [:]) {
        self.directory = directory
        self.shipped = shipped
        self.elsewhere = elsewhere
    }

    /// The user's cache, and the models that came with this program.
    ///
    /// The cache is `GENRET_MODELS`, else `genret/models` in `XDG_CACHE_HOME`, else in `~/.cache`, where
    /// `~` is `HOME` or else the account's own home. `GENRET_MODEL_FOLDERS` names folders of single models, as
    /// `NAME=PATH:NAME=PATH`.
    public static var standard: ModelCache {
        let environment = ProcessInfo.processInfo.environment
        return ModelCache(
            directory: userDirectory, shipped: folderShipped(with: Bundle.main.executableURL),
            elsewhere: folders(named: environment["GENRET_MODEL_FOLDERS"] ?? ""))
    }

    /// The folders that `NAME=PATH:NAME=PATH` names.
    package static func folders(named text: String) -> [String: URL] {
        let pairs = text.split(separator: ":").compactMap { item -> (String, URL)? in
            let parts = item.split(separator: "=", maxSplits: 1).map(String.init)
            return parts.count == 2 ? (parts[0], URL(fileURLWithPath: parts[1], isDirectory: true)) : nil
        }
        return Dictionary(pairs) { first, _ in first }
    }

    private static var userDirectory: URL {
        let environment = ProcessInfo.processInfo.environment
        if let path = environment["GENRET_MODELS"], !path.isEmpty {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let cache =
            if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
                URL(fileURLWithPath: path, isDirectory: true)
            } else if let home = environment["HOME"], home.hasPrefix("/") {
                URL(fileURLWithPath: home, isDirectory: true).appendingPathComponent(".cache")
            } else {
                FileManager.default.homeDirectoryForCurrentUser.appendingPathComponent(".cache")
            }
        return cache.appendingPathComponent("genret/models", isDirectory: true)
    }

    /// The folder of a model, the user's before the one that came with genret; nil when it is in neither.
    ///
    /// A model is there when its folder holds a `config.json` or a `.gguf` file, which describes
    /// itself; ``verify(_:)`` looks deeper.
    public func directory(of name: String) -> URL? {
        ownDirectory(of: name) ?? elsewhere[name].flatMap { Self.isModel($0) ? $0 : nil }
            ?? shipped.flatMap { Self.directory(of: name, in: $0) }
    }

    /// The folder of a model in the user's cache, the only one that is written; nil when it is not there.
    func ownDirectory(of name: String) -> URL? { Self.directory(of: name, in: directory) }

    private static func directory(of name: String, in place: URL) -> URL? {
        guard isName(name) else { return nil }
        let folder = place.appendingPathComponent(name, isDirectory: true)
        return isModel(folder) ? folder : nil
    }

    private static func isModel(_ folder: URL) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        return names.contains { $0 == "config.json" || $0.hasSuffix(".gguf") }
    }

    /// Whether a name can be a folder of the cache: no separators, not hidden.
    static func isName(_ name: String) -> Bool {
        !name.isEmpty && !name.hasPrefix(".")
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") }
    }
}
