import Learning
import Text
import Transformers

extension NgramTask {
    /// The training as a job, with the network as it is now.
    func job(_ plan: TrainingPlan, _ elementType: Safetensors.ElementType) -> TrainingJob {
        var job = TrainingJob("ngram", plan, elementType)
        job.option("batch", options.batch)
        job.option("span_length", options.spanLength)
        job.option("beside_weight", options.besideWeight)
        job.option("title_share", Float(options.titleShare))
        job.option("span_share", Float(options.spanShare))
        job.option("question_share", Float(options.questionShare))
        job.option("query_length", options.queryLength)
        job.option("passage_length", options.passageLength)
        job.option("end", Int(end))
        let count = Int32(network.configuration.vocabularySize)
        job.add("queries", queries)
        job.add("passages", passages.bodies)
        job.add("titles", passages.titles)
        if options.questionShare > 0 { job.add("read", read.texts) }
        job.add("pairs", pairs)
        job.add("held_out", heldOut)
        job.add("vocabulary.starts_word", flags: sampler.startsWord)
        job.add("vocabulary.special", flags: (0..<count).map { encoder.tokenizer.isSpecial($0) })
        job.add(model: "encoder", copyOf: encoder.directory)
        job.add(model: "start") { [network] in try network.write(to: $0) }
        return job
    }
}
