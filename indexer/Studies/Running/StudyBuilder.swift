import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import Transformers

/// Builds an index and notes what that takes.
enum StudyBuilder {
    static func build(
        _ corpus: String, at path: String, _ options: IndexOptions, _ models: ModelCache, _ monitor: WorkMonitor
    ) throws -> (costs: BuildRecord, passages: Int) {
        let recorder = StageRecorder(monitor)
        var builder = IndexBuilder(corpus: corpus, destination: path, options: options, models: models)
        builder.monitor = recorder.monitor
        let report = try builder.build()
        // An index without the generator that it was to have would be measured as another.
        if case .failure(let error)? = report.refinement { throw error }
        let snapshot = try IndexSnapshot.open(URL(filePath: path))
        var bytes: [String: Int] = [:]
        for item in try SpaceReport(snapshot).items where item.depth == 0 {
            bytes[component(item.name), default: 0] += item.bytes
        }
        let passages = report.manifest.passages
        return (
            BuildRecord(stages: recorder.stages, bytes: bytes, vectors: options.encoder == nil ? nil : passages),
            passages
        )
    }

    /// "ngrams" of `ngrams.gnr`, "generator" of `generator/model.safetensors`.
    private static func component(_ name: String) -> String {
        if let slash = name.firstIndex(of: "/") { return String(name[..<slash]) }
        return name.firstIndex(of: ".").map { String(name[..<$0]) } ?? name
    }
}
