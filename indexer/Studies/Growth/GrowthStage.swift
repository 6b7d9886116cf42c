import Corpora
import Foundation
import Indexing
import Memory
import Transformers

/// Queries as they can be asked after a step of a growing corpus.
struct GrowthStage {
    let step: Int
    let of: Int
    /// Those of which a relevant passage is there, judged by the passages that are there.
    let input: StudyInput
    let judged: Set<Identifier>
    /// For each query the step with which its first relevant passage came.
    let parts: [Int]

    init(_ step: Int, of growth: StudyGrowth, _ census: CorpusCensus, _ partOf: [Identifier: Int]) {
        (self.step, of) = (step, growth.parts)
        let present = census.judged.filter { partOf[$0].map { $0 <= step } ?? false }
        var parts: [Int] = []
        let answerable = census.input.queries.filter { query in
            let relevant = census.input.qrels.judgements(of: query.id).filter { $0.grade > 0 }
            guard let first = relevant.compactMap({ partOf[$0.passage] }).min(), first <= step else { return false }
            parts.append(first)
            return true
        }
        input = census.input.keeping(answerable, judged: present)
        (judged, self.parts) = (present, parts)
    }

    /// Adds to an index what it lacks of the parts up to a step; an index that was killed between two tells by its passages
    /// where it stands.
    static func grow(
        _ index: String, to step: Int, _ parts: GrowthParts, _ growth: StudyGrowth, size: Int, _ models: ModelCache,
        _ monitor: WorkMonitor
    ) throws {
        for part in 1...max(1, step) where part <= step {
            let manifest = try IndexState.passages(of: index)
            guard manifest < growth.passages(of: size, after: part) else { continue }
            var change = IndexChange(index, models: models)
            change.monitor = monitor
            _ = try change.add(parts.file(part))
        }
    }
}
