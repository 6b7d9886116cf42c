import Foundation
import Memory
import Storage

/// A model's weights and description, whatever container holds them.
///
/// Opens a Hugging Face folder (`model.safetensors`, or `model.safetensors.index.json` with its
/// shards), a folder with one `.gguf` file, or one such file itself. Tensors have Hugging Face
/// names and row-major shapes in every case. Opening reads headers only; the weights stay mapped.
package struct Checkpoint: Sendable {
    /// A tensor of the checkpoint.
    package struct Tensor: Sendable, Equatable {
        package let name: String
        package let shape: [Int]
        /// How the elements are stored, such as "F32", "BF16" or "Q4_K".
        package let type: String
        /// The size in the file.
        package let byteCount: Int
    }

    enum Container: Sendable {
        case safetensors(SafetensorsShards)
        case gguf(GGUFModel)
    }

    /// The folder or file that was opened.
    package let path: String
    /// `config.json`, or the metadata of a GGUF file under Hugging Face's names.
    package let configuration: JSONValue
    /// `generation_config.json`, or what a GGUF file says about generation; nil without either.
    package let generation: JSONValue?
    let container: Container
    /// Where the files that accompany the weights are.
    let folder: URL

    /// Opens a folder or a file.
    ///
    /// - Throws: ``ModelError`` when a file is missing or damaged, or when the weights are in a
    ///   format that is not read; for pickled weights the message names the command that converts
    ///   them.
    package init(contentsOf url: URL) throws(ModelError) {
        let source = try CheckpointSource(url)
        path = url.path
        folder = source.folder
        switch source.weights {
        case .safetensors(let file):
            container = .safetensors(try SafetensorsShards(file: file))
        case .index(let file):
            container = .safetensors(try SafetensorsShards(index: file))
        case .gguf(let file):
            let model = try GGUFModel(GGUFFile(contentsOf: file))
            container = .gguf(model)
            configuration = model.configuration
            generation = model.generation
            return
        }
        let file = folder.appendingPathComponent("config.json")
        configuration = try ModelFile.json(file)
        guard configuration.members != nil else {
            throw .malformed(path: file.path, reason: "expected an object")
        }
        let generationFile = folder.appendingPathComponent("generation_config.json")
        generation = ModelFile.exists(generationFile) ? try ModelFile.json(generationFile) : nil
    }

    /// A GGUF file that is already in memory.
    package init(gguf bytes: FrozenArray<UInt8>, path: String) throws(ModelError) {
        self.path = path
        folder = URL(fileURLWithPath: path).deletingLastPathComponent()
        let model = try GGUFModel(GGUFFile(bytes: bytes, path: path))
        container = .gguf(model)
        configuration = model.configuration
        generation = model.generation
    }

    /// Every tensor, in no particular order.
    package var tensors: [Tensor] {
        switch container {
        case .safetensors(let shards): shards.tensors
        case .gguf(let model): model.tensors
        }
    }

    package func contains(_ name: String) -> Bool { shape(of: name) != nil }

    /// The row-major shape of a tensor; nil when there is none of this name.
    package func shape(of name: String) -> [Int]? {
        switch container {
        case .safetensors(let shards): shards.entry(name)?.shape
        case .gguf(let model): model.shape(of: name)
        }
    }

    /// The elements of a tensor as single precision, row after row.
    ///
    /// Aligned F32 stays in the mapped file; everything else is converted into memory of its own.
    /// Takes one pass over the tensor, also over mapped F32, to refuse weights that are not
    /// numbers.
    ///
    /// - Parameter allowingNonFinite: whether infinities and NaN pass; skips the check.
    /// - Throws: ``ModelError`` when there is no such tensor, its shape or type is another, or an
    ///   element is infinite or not a number.
    package func floats(
        _ name: String, shape: [Int], allowingNonFinite: Bool = false
    ) throws(ModelError) -> FrozenArray<Float> {
        let values =
            switch container {
            case .safetensors(let shards): try shards.floats(name, shape: shape)
            case .gguf(let model): try model.floats(name, shape: shape)
            }
        guard allowingNonFinite || values.allFinite else {
            throw .malformed(
                path: path, reason: "the tensor \(name) has elements that are infinite or not a number")
        }
        return values
    }
}
