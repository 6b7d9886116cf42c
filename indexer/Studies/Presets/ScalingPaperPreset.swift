import Docids
import Engine

/// The axes of "How Does Generative Retrieval Scale to Millions of Passages?" (Pradeep et al. 2023, arXiv 2305.11841): what
/// stands for passages, docid schemes, sizes of the corpus and of the network, and constrained decoding, for equal steps.
///
/// Atomic, tree and rq docids are anchored here: they start from the encoder's vectors, where the paper's start from nothing.
struct ScalingPaperPreset: StudyPreset {
    let name = "scaling-paper"
    let summary = "what stands for passages × docids × sizes × layers, trained for equal steps"

    func fill(_ plan: inout StudyPlan) {
        plan.sizes = [.passages(1000), .passages(10_000), .passages(100_000)]
        plan.takesOnlySizesThatFit = true
        plan.retrievers = ["bm25", "dense", "docid"]
        plan.representations = ["labelled", "first", "spans-10", "queries-10", "queries-40"]
            .map { PassageRepresentation($0) }
        plan.docids = [.atomic, .naive, .semantic, .position, .pawa, .tree, .rq]
        plan.layers = [2, 4]
        plan.lengths = [.steps(2000)]
        plan.constrained = [true, false]
        plan.beams = [40]
        plan.threads = [1]
        // Nothing is fused, and the generator writes questions as it is.
        plan.options.pseudoQueries = 0
        plan.options.trainSteps = 0
    }
}
