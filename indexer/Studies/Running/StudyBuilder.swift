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
        let vectors = try IndexState.vectors(of: path, models)
        let record = BuildRecord(
            stages: recorder.stages, bytes: try IndexState.bytes(of: path), vectors: vectors?.real,
            cosine: vectors?.cosine, tokens: report.manifest.tokens)
        return (record, report.manifest.passages)
    }
}
