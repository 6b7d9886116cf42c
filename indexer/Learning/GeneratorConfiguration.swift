import Foundation
import Storage

/// What a generator network is made of: the `config.json` of its folder.
public struct GeneratorConfiguration: Sendable, Equatable {
    /// The name of the encoder whose states it reads and whose words it writes.
    public var encoder: String
    /// d, the encoder's width too.
    public var width: Int
    public var layerCount: Int
    public var headCount: Int
    public var feedForwardWidth: Int
    /// The most tokens that it generates.
    public var maximumLength: Int
    public var epsilon: Float
    /// V
    public var vocabularySize: Int
    /// What it was taught to generate, such as "body", "title" and "question".
    public var tasks: [String]

    /// The smallest that is worth training on all-MiniLM-L6-v2.
    public init(
        encoder: String = "all-MiniLM-L6-v2", width: Int = 384, layerCount: Int = 4,
        headCount: Int = 12, feedForwardWidth: Int = 1536, maximumLength: Int = 32,
        epsilon: Float = 1e-5, vocabularySize: Int = 30522,
        tasks: [String] = ["body", "title", "question"]
    ) {
        (self.encoder, self.width, self.layerCount, self.headCount) = (encoder, width, layerCount, headCount)
        (self.feedForwardWidth, self.maximumLength) = (feedForwardWidth, maximumLength)
        (self.epsilon, self.vocabularySize, self.tasks) = (epsilon, vocabularySize, tasks)
    }

    /// Reads a `config.json`.
    ///
    /// - Throws: ``LearningError`` when a member is missing or makes no sense.
    public init(_ json: JSONValue, path: String) throws(LearningError) {
        func size(_ name: String, upTo limit: Int) throws(LearningError) -> Int {
            guard let value = json[name]?.int, (1...limit).contains(value) else {
                throw .malformed(path: path, reason: "\(name) must be a number from 1 to \(limit)")
            }
            return value
        }
        guard json["model_type"]?.string == Self.type else {
            throw .malformed(path: path, reason: "model_type is not \(Self.type)")
        }
        guard let encoder = json["encoder"]?.string,
            let tasks = json["tasks"]?.array?.compactMap(\.string), !tasks.isEmpty,
            let epsilon = json["layer_norm_eps"]?.number, epsilon > 0
        else { throw .malformed(path: path, reason: "encoder, tasks or layer_norm_eps is missing") }
        self.init(
            encoder: encoder, width: try size("hidden_size", upTo: 1 << 16),
            layerCount: try size("num_layers", upTo: 1 << 10),
            headCount: try size("num_heads", upTo: 1 << 10),
            feedForwardWidth: try size("intermediate_size", upTo: 1 << 18),
            maximumLength: try size("max_positions", upTo: 1 << 16), epsilon: Float(epsilon),
            vocabularySize: try size("vocab_size", upTo: 1 << 24), tasks: tasks)
        guard width % headCount == 0 else {
            throw .malformed(path: path, reason: "num_heads does not divide hidden_size")
        }
    }

    private static let type = "genret-generator"

    /// The members of `config.json`.
    public var json: JSONValue {
        .object([
            .init("model_type", .string(Self.type)), .init("encoder", .string(encoder)),
            .init("hidden_size", .number(Double(width))),
            .init("num_layers", .number(Double(layerCount))),
            .init("num_heads", .number(Double(headCount))),
            .init("intermediate_size", .number(Double(feedForwardWidth))),
            .init("max_positions", .number(Double(maximumLength))),
            // By way of its shortest text, 1e-05 and not the double next to it.
            .init("layer_norm_eps", .number(Double("\(epsilon)") ?? Double(epsilon))),
            .init("vocab_size", .number(Double(vocabularySize))),
            .init("tasks", .array(tasks.map { .string($0) })),
        ])
    }
}
