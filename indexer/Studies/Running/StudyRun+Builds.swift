import Corpora
import Engine
import Foundation
import Indexing
import Memory

extension StudyRun {
    /// The index of a build, made where it is not there.
    func record(
        _ build: StudyPlan.PlannedBuild, at place: String, _ census: CorpusCensus, _ clock: WorkClock
    ) throws -> BuildRecord {
        if folder.has(place + "/build.json") { return try folder.read(BuildRecord.self, place + "/build.json") }
        // Whatever a killed process has left of it.
        try folder.remove(place)
        try folder.make(place)
        var corpus = input.corpus
        if build.sample.size < census.passages {
            corpus = folder.place(place + "/corpus.jsonl")
            try chosen(build.sample, census, clock).write(of: input.corpus, to: corpus, clock)
        }
        var size = build.sample.size
        if let growth = plan.growth {
            let parts = GrowthParts(folder.place(place), growth)
            try parts.write(of: corpus, seed: build.sample.seed, clock)
            (corpus, size) = (parts.file(0), growth.passages(of: size, after: 0))
        }
        let record = try StudyBuilder.build(
            corpus, at: folder.place(place + "/index.genret"), build.options, models, monitor)
        guard record.passages == size else {
            throw StudyError.corpusChanged(path: input.corpus, expected: size, found: record.passages)
        }
        try folder.remove(place + "/corpus.jsonl")
        try folder.write(record.costs, to: place + "/build.json")
        return record.costs
    }

    private func chosen(
        _ sample: StudyPlan.PlannedSample, _ census: CorpusCensus, _ clock: WorkClock
    ) throws -> StudySample {
        guard case .pooled(let depth) = sample.distractors else {
            return StudySample(size: sample.size, seed: sample.seed, of: census)
        }
        let pool = try pool(depth, census, clock)
        guard pool.count >= sample.size - sample.judged else {
            throw StudyError.option(
                "pooled:\(depth) has \(pool.count) distractors, and a sample of \(sample.size) passages takes "
                    + "\(sample.size - sample.judged); give a deeper pool or a smaller size")
        }
        return StudySample(size: sample.size, pool: pool, of: census)
    }

    /// The pool, from its file where it is there; its index is of the whole corpus and made once.
    private func pool(_ depth: Int, _ census: CorpusCensus, _ clock: WorkClock) throws -> [Identifier] {
        let name = "pools/\(depth)-\(plan.seed).json"
        if folder.has(name) { return try folder.read([Identifier].self, name) }
        let place = "builds/.pool"
        try folder.remove(place)
        try folder.make(place)
        var options = IndexOptions()
        options.encoder = nil
        options.pseudoQueries = 0
        let index = folder.place(place + "/index.genret")
        _ = try StudyBuilder.build(input.corpus, at: index, options, models, monitor)
        let pool = try DistractorPool.make(index, census, depth: depth, seed: plan.seed, clock)
        try folder.write(pool, to: name)
        try folder.remove(place)
        return pool
    }
}
