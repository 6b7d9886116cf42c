import Docids
import Engine
import Indexing
import Search

/// Makes the cells that are asked of one index: every way to ask it, with and without typing errors, at every step of a
/// corpus that grows.
struct CellMaker {
    let plan: StudyPlan
    let sample: StudyPlan.PlannedSample
    /// The corpus' name.
    let corpus: String
    /// Of the index.
    let options: IndexOptions
    let hasGenerator: Bool

    /// A search with the words that tell it from others.
    private struct Way {
        var search: SearchOptions
        var words: [String: String] = [:]

        init(_ retrievers: ComponentID...) {
            search = SearchOptions()
            if !retrievers.isEmpty { search.retrievers = retrievers }
        }
    }

    /// The cells of a retriever over the index as it is built.
    ///
    /// - Parameter members: of the build's key.
    func cells(_ retriever: String, _ members: [String: JSONTree]) throws -> [StudyPlan.PlannedCell] {
        switch retriever {
        case "docid":
            let sources = plan.representations.contains(nil) ? plan.docids.compactMap(StudyTraining.source) : []
            return try make(
                retriever, members,
                sources.flatMap { source in
                    Set(plan.beams).sorted().flatMap { beam in
                        var way = Way(DocidRetriever.id)
                        way.search[DocidRetriever.self].docids = source
                        way.search[DocidRetriever.self].beams = beam
                        way.words = ["docids": source.rawValue, "beam": "\(beam)"]
                        return encoding(way)
                    }
                })
        case "merge":
            // The fusion alone: rerankers are not what is compared here.
            var way = Way()
            way.search.rerank = 0
            return try make(retriever, members, encoding(way))
        case "dense": return try make(retriever, members, encoding(Way(DenseRetriever.id)))
        default: return try make(retriever, members, [Way(ComponentID(retriever))])
        }
    }

    /// A way with every number of passages that are encoded for a query.
    private func encoding(_ way: Way) -> [Way] {
        guard !plan.encodes.isEmpty else { return [way] }
        // Where the encoder has read every passage there is nothing to encode.
        return (encodesAll ? [0] : Set(plan.encodes).sorted()).map { count in
            var other = way
            other.search.encode = count
            other.words["encode"] = "\(count)"
            return other
        }
    }

    /// Whether the encoder reads every passage. Even without a budget it reads those that static vectors are fitted to.
    private var encodesAll: Bool {
        if case .minutes = options.encoderBudget { return false }
        return options.encoderBudget.encoded(of: sample.size, secondsEach: 0) >= sample.size
    }

    /// The cells of docids that were made over the index.
    func cells(of training: StudyTraining, _ members: [String: JSONTree]) throws -> [StudyPlan.PlannedCell] {
        var ways: [Way] = []
        for beam in Set(plan.beams).sorted() {
            // What is anchored is found by its prefixes' vectors, which only existing docids have.
            for isConstrained in training.scheme.isAnchored ? [true] : plan.constrained {
                var way = Way(DocidRetriever.id)
                way.search[DocidRetriever.self].docids = .trained
                way.search[DocidRetriever.self].beams = beam
                // Docids are measured alone, without BM25 to look ahead with.
                way.search[DocidRetriever.self].lookAhead = 0
                if !isConstrained { way.search[DocidRetriever.self].constrained = false }
                way.words = training.words
                way.words["beam"] = "\(beam)"
                if !training.scheme.isAnchored { way.words["constrained"] = isConstrained ? "yes" : "no" }
                ways.append(way)
            }
        }
        return try make("docid", members, ways, training)
    }

    private func make(
        _ retriever: String, _ build: [String: JSONTree], _ ways: [Way], _ training: StudyTraining? = nil
    ) throws -> [StudyPlan.PlannedCell] {
        var shown = try BuildWords.options(options, retriever: retriever, hasGenerator: hasGenerator)
        if !plan.encoderBudgets.isEmpty, StudyPlan.usesVectors(retriever) {
            shown[BuildWords.budget] = options.encoderBudget.description
        }
        let steps: [Int?] = plan.growth.map { growth in (0...growth.parts).map { $0 } } ?? [nil]
        return try steps.flatMap { step in
            try ways.flatMap { way in
                try Set([0] + plan.typos).sorted().map { share in
                    try cell(retriever, build, way, shown, training, share, step)
                }
            }
        }
    }

    private func cell(
        _ retriever: String, _ build: [String: JSONTree], _ way: Way, _ shown: [String: String],
        _ training: StudyTraining?, _ typos: Double, _ step: Int?
    ) throws -> StudyPlan.PlannedCell {
        var others = shown.merging(way.words) { _, own in own }
        others["typos"] = BuildWords.number(typos)
        var members = build
        members["retriever"] = .string(retriever)
        members["search"] = try JSONTree(encoding: way.search)
        members["typos"] = .number(typos)
        members["depth"] = .integer(Int64(StudyPlan.depth))
        members["threads"] = .array(plan.threads.map { $0.map { .integer(Int64($0)) } ?? .string("all") })
        if let step { members["step"] = .integer(Int64(step)) }
        let size = step.flatMap { plan.growth?.passages(of: sample.size, after: $0) } ?? sample.size
        return StudyPlan.PlannedCell(
            key: try CellKey.hex(members),
            sample: StudyCell.Sample(
                size: size, judged: sample.judged, seed: sample.seed, distractors: sample.distractors.description,
                replicate: sample.replicate, corpus: corpus),
            options: StudyCell.Options(retriever, others), search: way.search, typos: typos, step: step,
            training: training)
    }
}
