import Docids
import Engine

/// A corpus that grows (Mehta et al. 2022, "DSI++", arXiv 2212.09744): half of it is indexed and learnt, then five equal parts
/// are added without training, and after each the questions of all that is there are asked.
struct DynamicCorporaPreset: StudyPreset {
    let name = "dynamic-corpora"
    let summary = "half of the corpus is learnt, the rest added in five parts"

    func fill(_ plan: inout StudyPlan) {
        plan.sizes = [.all]
        plan.growth = StudyGrowth(start: 0.5, parts: 5)
        plan.representations = [nil, PassageRepresentation("queries-10")]
        plan.docids = [.tree, .naive]
        plan.beams = [100]
        plan.threads = [1]
    }
}
