import Foundation
import Memory
import Storage
import Tensors

/// The weights of a late-interaction head as its file has them: what one is copied, stored and told from others by.
package struct InteractionWeights: Sendable {
    /// W_q and W_p, [width × width], and a, [width].
    package let query, passage, importance: FrozenArray<Float>
    package let width: Int

    private init(query: FrozenArray<Float>, passage: FrozenArray<Float>, importance: FrozenArray<Float>) {
        (self.query, self.passage, self.importance, width) = (query, passage, importance, importance.count)
    }

    init(_ checkpoint: Checkpoint, width d: Int) throws(ModelError) {
        self.init(
            query: try checkpoint.floats(LateInteraction.query, shape: [d, d]),
            passage: try checkpoint.floats(LateInteraction.passage, shape: [d, d]),
            importance: try checkpoint.floats(LateInteraction.importance, shape: [1, d]))
    }

    /// Reads a generator's head.
    ///
    /// - Returns: nil where it has none.
    /// - Throws: ``ModelError`` when a file is missing or damaged.
    package static func ofGenerator(in folder: URL) throws(ModelError) -> InteractionWeights? {
        let checkpoint = try Checkpoint(contentsOf: folder)
        let configuration = try GeneratorConfiguration(
            checkpoint.configuration, path: folder.appendingPathComponent("config.json").path)
        guard configuration.interacts else { return nil }
        return try InteractionWeights(checkpoint, width: configuration.width)
    }

    /// SHA-256 of the weights: what was made with one head is none of another's. O(weights).
    package var fingerprint: String {
        var hash = SHA256()
        for array in [query, passage, importance] {
            array.withUnsafeBuffer { hash.update(UnsafeRawBufferPointer($0)) }
        }
        return hash.hex()
    }

    // MARK: Storing

    private static let sections = (query: "head.query", passage: "head.passage", importance: "head.importance")

    package func write(to sink: some SectionSink) throws(StorageError) {
        try sink.write(Self.sections.query, query)
        try sink.write(Self.sections.passage, passage)
        try sink.write(Self.sections.importance, importance)
    }

    /// - Throws: ``StorageError`` where sections are missing or contradict one another.
    package init(_ source: some SectionSource) throws(StorageError) {
        func numbers(_ name: String) throws(StorageError) -> FrozenArray<Float> {
            let numbers = try source.section(name, of: Float.self)
            guard numbers.withUnsafeBuffer({ $0.allSatisfy(\.isFinite) }) else {
                throw .damaged(path: source.path, what: "section \(name) has something that is no number")
            }
            return numbers
        }
        self.init(
            query: try numbers(Self.sections.query), passage: try numbers(Self.sections.passage),
            importance: try numbers(Self.sections.importance))
        guard width > 0, width <= 1 << 16, query.count == width * width, passage.count == width * width else {
            throw .damaged(path: source.path, what: "the parts of its head do not fit together")
        }
    }
}
