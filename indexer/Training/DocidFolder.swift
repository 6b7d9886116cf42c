import Docids
import Engine
import Foundation
import Memory
import Storage
import Tensors
import Transformers

/// What a docid training leaves in its folder beside the network: the recipe in `config.json`, and the
/// prefixes of docids as tensors of `model.safetensors`.
package enum DocidFolder {
    private static let vectors = "skeleton.vectors"
    private static let children = "skeleton.children"

    /// Writes a file beside its place and lets it take its name: a file that is read through a map is never
    /// written over.
    ///
    /// - Parameter write: writes to a path.
    package static func replace(
        _ name: String, in folder: URL, _ write: (String) throws(StorageError) -> Void
    ) throws(StorageError) {
        let (partial, place) = (folder.appending(path: ".\(name).partial"), folder.appending(path: name))
        try write(partial.path)
        guard rename(partial.path, place.path) == 0 else {
            throw .io(path: place.path, reason: String(cString: strerror(errno)))
        }
    }

    /// Writes entries whose vectors were trained; without any, takes those of an earlier training away.
    package static func setTrainedEntries(
        _ entries: DocidEntries?, of stage: EntryStage, in folder: URL
    ) throws(StorageError) {
        guard let entries else {
            try? FileManager.default.removeItem(at: folder.appending(path: StoredEntries.trainedFileName))
            return
        }
        try replace(StoredEntries.trainedFileName, in: folder) { path throws(StorageError) in
            try StoredEntries(entries: entries, tree: nil, fingerprint: stage.trainedFingerprint).write(to: path)
        }
    }

    /// Reads entries whose vectors were trained; nil where they are not those of the stage's index.
    ///
    /// - Throws: ``StorageError`` and ``DocidError`` when the file is damaged or missing.
    package static func trainedEntries(_ folder: URL, of stage: EntryStage) throws -> DocidEntries? {
        let path = folder.appending(path: StoredEntries.trainedFileName).path
        let container = try Container(path: path, kind: StoredEntries.fileKind)
        try container.verify()
        let stored = try StoredEntries(container)
        let fits = stored.fingerprint == stage.trainedFingerprint && stored.entries.passageCount == stage.index.count
        return fits ? stored.entries : nil
    }

    /// A tensor to be written.
    package typealias Tensor = (name: String, shape: [Int], values: FrozenArray<Float>, type: Safetensors.ElementType)

    /// The skeleton with vectors that files hold exactly.
    package static func rounded(_ skeleton: DocidSkeleton) -> DocidSkeleton {
        let half = HalfVectors(rounding: skeleton.vectors, dimension: skeleton.dimension)
        return DocidSkeleton(
            dimension: skeleton.dimension, childCounts: skeleton.childCounts, vectors: half.floats()) ?? skeleton
    }

    /// The tensors of a rounded skeleton.
    package static func tensors(_ skeleton: DocidSkeleton) -> [Tensor] {
        let count = skeleton.nodeCount
        return [
            (vectors, [count, skeleton.dimension], skeleton.vectors, .float16),
            // Single precision has every whole number below 2²⁴.
            (children, [count], FrozenArray(skeleton.childCounts.map(Float.init)), .float32),
        ]
    }

    /// Reads the skeleton of a folder.
    ///
    /// - Throws: ``ModelError`` when the file is damaged or has none.
    package static func skeleton(_ folder: URL, dimension: Int) throws -> DocidSkeleton {
        let file = folder.appending(path: "model.safetensors")
        let tensors = try Safetensors(contentsOf: file)
        guard let count = tensors.entry(children)?.shape.first else {
            throw ModelError.malformed(path: file.path, reason: "there is no tensor \(children)")
        }
        let counts = try tensors.floats(children, shape: [count]).toArray()
        let values = try tensors.floats(vectors, shape: [count, dimension])
        guard counts.allSatisfy({ $0 >= 0 && $0 <= 65_536 && $0 == $0.rounded() }),
            values.indices.allSatisfy({ values[$0].isFinite }),
            let skeleton = DocidSkeleton(
                dimension: dimension, childCounts: counts.map { Int32($0) }, vectors: values)
        else { throw ModelError.malformed(path: file.path, reason: "the docids' prefixes are no tree") }
        return skeleton
    }
}
