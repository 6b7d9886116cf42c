import Docids
import Engine

/// How time and bytes grow: sizes alone, nothing trained, one thread and all.
struct LatencyPreset: StudyPreset {
    let name = "latency"
    let summary = "sizes only, untrained, with one thread and all"

    func fill(_ plan: inout StudyPlan) {
        plan.takesOnlySizesThatFit = true
        plan.sizes = [.passages(1000), .passages(10_000), .passages(100_000), .passages(1_000_000), .all]
        plan.docids = [.tree]
        plan.beams = [100]
        plan.threads = [1, nil]
        plan.options.generator = nil
    }
}
