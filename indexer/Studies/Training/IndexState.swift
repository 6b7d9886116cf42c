import Engine
import Foundation
import IndexStore
import Search
import Transformers

/// What an index that a study made says of itself.
enum IndexState {
    static func passages(of index: String) throws -> Int {
        try IndexSnapshot.open(URL(filePath: index)).manifest.passages
    }

    /// Bytes by file or part: "ngrams" of `ngrams.gnr`, "generator" of `generator/model.safetensors`.
    static func bytes(of index: String) throws -> [String: Int] {
        var bytes: [String: Int] = [:]
        for item in try SpaceReport(try IndexSnapshot.open(URL(filePath: index))).items where item.depth == 0 {
            bytes[component(item.name), default: 0] += item.bytes
        }
        return bytes
    }

    private static func component(_ name: String) -> String {
        if let slash = name.firstIndex(of: "/") { return String(name[..<slash]) }
        return name.firstIndex(of: ".").map { String(name[..<$0]) } ?? name
    }

    /// Passages with the encoder's own vectors, and how near the others' are; nil without vectors.
    static func vectors(of index: String, _ models: ModelCache) throws -> StudyCell.Build.Vectors? {
        let reader = try IndexReader.open(index, models: models)
        guard reader.manifest.encoder != nil else { return nil }
        let fitted = try reader.manifest.part(StaticEncoderPart.kind)?.description
            .decoded(as: StaticEncoderPart.Description.self)
        return .init(real: try reader.value(PassageVectorKinds.self).encodedCount, cosine: fitted?.cosine)
    }
}
