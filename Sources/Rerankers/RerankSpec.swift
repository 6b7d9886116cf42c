import Foundation

/// A method with its options, as people write it: METHOD, or METHOD:MODEL, then options with commas, as "setwise:NAME,children=9,top=20".
/// A prompt is a file's name.
public struct RerankSpec: Sendable, Equatable, CustomStringConvertible {
    /// What reranks where nothing is said: of the methods that need no training the one that helps most often, and takes a tenth of the time of
    /// those that ask a model (docs/reranking.md).
    public static let usualMethod = "maxsim"
    /// The models that are asked where none is named.
    public static let usualModel = "SmolLM2-135M-Instruct"
    public static let usualEncoder = "all-MiniLM-L6-v2"

    public var method: String
    /// A model's name in the cache, or its path; nil for the usual one.
    public var model: String?
    /// The same, or the usual one of the method.
    ///
    /// - Throws: ``RerankMethods/Fault`` where the method has none.
    public var modelName: String {
        get throws { try model ?? RerankMethods.usualModel(of: method) }
    }
    public var options = RerankOptions()
    /// How many of the best are ordered anew; nil for the usual number.
    public var depth: Int?
    /// As it was written.
    public let description: String

    /// What is wrong with a description.
    public struct Fault: Error, Sendable, Equatable, CustomStringConvertible {
        public var description: String

        public init(description: String) { self.description = description }
    }

    /// - Throws: ``Fault`` where an option does not exist or its value cannot be one; ``RerankMethods/Fault`` where the method does not
    ///   exist, or has no use for it.
    public init(_ text: String) throws {
        description = text
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let names = (parts.first ?? "").split(separator: ":", maxSplits: 1)
        guard let method = names.first.map(String.init) else { throw Fault(description: "names no method") }
        self.method = method
        model = names.count > 1 ? String(names[1]) : nil
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
            if pair.count == 2, pair[0] == "depth" {
                guard let depth = Int(pair[1]), depth > 0 else {
                    throw Fault(description: "\"\(part)\" has no such value")
                }
                self.depth = depth
                continue
            }
            guard pair.count == 2, let setting = Self.settings[pair[0]] else {
                throw Fault(
                    description:
                        "\"\(part)\" sets nothing; there are \((Self.settings.keys + ["depth"]).sorted().map { "\($0)=" }.joined(separator: ", "))"
                )
            }
            guard try setting(pair[1], &options) else { throw Fault(description: "\"\(part)\" has no such value") }
        }
        try RerankMethods.check(method, options)
    }

    /// Sets an option from its text; false where it cannot be one.
    private typealias Setting = @Sendable (String, inout RerankOptions) throws -> Bool

    private static let settings: [String: Setting] = [
        "window": { set($0, \.window, &$1) }, "stride": { set($0, \.stride, &$1) },
        "passes": { set($0, \.passes, &$1) }, "children": { set($0, \.children, &$1) },
        "top": { set($0, \.top, &$1) }, "permutations": { set($0, \.permutations, &$1) },
        "group": { set($0, \.group, &$1) }, "passageTokens": { set($0, \.passageTokens, &$1) },
        "reasoningTokens": { set($0, \.reasoningTokens, &$1) }, "patience": { set($0, \.patience, &$1) },
        "alpha": {
            $1.alpha = Double($0)
            return $1.alpha != nil
        },
        "strategy": {
            $1.strategy = RerankOptions.Strategy(rawValue: $0)
            return $1.strategy != nil
        },
        "calibrate": {
            $1.calibrate = Bool($0)
            return $1.calibrate != nil
        },
        "summary": {
            $1.summary = Bool($0)
            return $1.summary != nil
        },
        // 3.1+12.4: layer and head.
        "heads": { text, options in
            let heads = text.split(separator: "+").map { $0.split(separator: ".").compactMap { Int($0) } }
            options.heads = heads
            return heads.allSatisfy { $0.count == 2 }
        },
        "prompt": { path, options in
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw Fault(description: "\(path): no such file, or it cannot be read")
            }
            do {
                options.prompt = try JSONDecoder().decode(RerankPrompt.self, from: bytes)
                try options.prompt?.check()
            } catch let fault as RerankPrompt.Fault {
                throw Fault(description: "\(path): \(fault)")
            } catch {
                throw Fault(description: "\(path): no JSON object with the member \"passage\", a text")
            }
            return true
        },
    ]

    private static func set(
        _ text: String, _ member: WritableKeyPath<RerankOptions, Int?>, _ options: inout RerankOptions
    ) -> Bool {
        options[keyPath: member] = Int(text)
        return options[keyPath: member] != nil
    }
}
