import Foundation
import Learning
import Memory
import Transformers

extension DenseTask {
    /// The training as a job.
    ///
    /// - Parameter start: the folder of the weights that it starts from.
    func job(_ plan: TrainingPlan, _ elementType: Safetensors.ElementType, start: URL) -> TrainingJob {
        var job = TrainingJob("dense", plan, elementType)
        job.option("batch", options.batch)
        job.option("temperature", options.temperature)
        job.option("negatives", negatives.rawValue)
        job.option("negative_count", options.negativeCount)
        job.option("layers", options.layers)
        job.add("queries", queries)
        for (name, judged) in [("train", training), ("held_out", heldOut)] {
            job.add(name + ".queries", judged.queries)
            job.add(name + ".passages", judged.passages)
        }
        if let mined { job.add("negatives", mined.lists) }
        let all = FrozenArray<Float>(count: vectors.count * vectors.dimension) {
            vectors.copy(Array(0..<Int32(vectors.count)), into: $0)
        }
        job.add("vectors", all, columns: vectors.dimension)
        job.add(model: "start", copyOf: start)
        return job
    }
}
