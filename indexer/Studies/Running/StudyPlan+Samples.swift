import Corpora

extension StudyPlan {
    /// All samples, the smallest first.
    ///
    /// - Parameter notes: hears of sizes that are not taken as they were named.
    func samples(_ census: CorpusCensus, notes: (String) -> Void = { _ in }) throws(StudyError) -> [PlannedSample] {
        var counts: Set<Int> = []
        let judged = census.judged.count
        for size in sizes {
            guard case .passages(let count) = size else {
                counts.insert(census.passages)
                continue
            }
            if takesOnlySizesThatFit, count > census.passages { continue }
            guard count <= census.passages else {
                throw .tooLarge(size: count, corpus: census.input.corpus, passages: census.passages)
            }
            if count < judged {
                notes(
                    "a sample of \(count) passages would lack judged ones; the smallest has all \(judged) of them and no others"
                )
            }
            counts.insert(max(count, judged))
        }
        var samples: [PlannedSample] = []
        for count in counts.sorted() {
            if count < census.passages, judged * 2 > count {
                notes(
                    "more than half of a sample of \(count) passages are judged (\(judged)): it is easier than its size says"
                )
            }
            for kind in distractors {
                // The whole corpus is one sample, however its passages were put in order.
                if count == census.passages, kind != distractors.first { continue }
                let isOne =
                    kind != .random || count == census.passages || count > Self.mostReplicated || count == judged
                for (replicate, seed) in (isOne ? [seed] : seeds).enumerated() {
                    samples.append(
                        PlannedSample(size: count, judged: judged, seed: seed, distractors: kind, replicate: replicate))
                }
            }
        }
        return samples
    }
}
