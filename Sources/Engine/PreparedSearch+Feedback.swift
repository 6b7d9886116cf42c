import IndexStore
import Search

extension PreparedSearch {
    /// Adds the feedback that is asked for, or else the index's own, which is for searches that are the index's own in all else.
    mutating func addFeedback(_ options: SearchOptions, _ registry: Registry) throws {
        var wish = options.feedback ?? FeedbackOptions()
        let isAsked = wish.methods != nil || wish.isJudged
        if !isAsked {
            let isOwn = options.retrievers == nil && options.weights == nil && options.fusion == .weighted
            guard isOwn, let estimate = feedbackEstimate else { return }
            wish.methods = estimate.methods
            wish.filter = wish.filter ?? estimate.filter
        }
        let types = try methods(wish, registry)
        guard !types.isEmpty else {
            if wish.isJudged { throw OptionFault("feedback.methods", "at least one where a person judges passages") }
            return
        }
        do {
            try add(types, wish, options, registry)
        } catch let error as OptionFault {
            throw error
        } catch {
            let reason = EngineError(error)
            if case .noPassage = reason { throw reason }
            if isAsked { throw EngineError.unavailable(types.map { $0.id }, because: reason) }
            notes.append(SearchNote(.absent(types.map { $0.id }), reason: reason))
        }
    }

    private var feedbackEstimate: FeedbackEstimate? {
        let used = uses.union(reader.manifest.estimates.map(\.id))
        return reader.snapshot.estimate(.feedback, as: FeedbackEstimate.self, using: used)?.value
    }

    /// The methods that change the query, in their order.
    private func methods(_ wish: FeedbackOptions, _ registry: Registry) throws -> [any IndexFeedback.Type] {
        guard let names = wish.methods else {
            // Whoever judges passages says nothing of methods: those that read all of it, for what the search reads.
            let read = pipeline.retrievers.reduce(QueryForms()) { $0.union($1.follows) }
            guard !read.isEmpty else {
                throw EngineError.unavailable(
                    [RocchioFeedback.id, VectorRocchio.id], because: .nothingReads([.terms, .vector]))
            }
            return (read.contains(.terms) ? [RocchioFeedback.self] : [])
                + (read.contains(.vector) ? [VectorRocchio.self] : [])
        }
        let known = registry.feedback
        return try names.map { name in
            guard let type = known.first(where: { $0.id == name }) else {
                throw OptionFault("feedback.methods", "names among \(known.map { $0.id.name }.joined(separator: ", "))")
            }
            guard wish.irrelevant.isEmpty || type.readsIrrelevant else {
                throw OptionFault("feedback.irrelevant", "left out where \(name) is a method, which reads none")
            }
            return type
        }
    }

    private mutating func add(
        _ types: [any IndexFeedback.Type], _ wish: FeedbackOptions, _ options: SearchOptions, _ registry: Registry
    ) throws {
        let opened: [any Feedback] = try types.map { try $0.open(reader, wish) }
        var changed = QueryForms()
        for method in opened {
            guard changed.isDisjoint(with: method.changes) else {
                throw OptionFault(
                    "feedback.methods", "one method at most for the query's terms, and one for its vector")
            }
            changed.formUnion(method.changes)
            guard pipeline.retrievers.contains(where: { !$0.follows.isDisjoint(with: method.changes) }) else {
                throw EngineError.nothingReads(method.changes)
            }
        }
        let readsScores = opened.contains(where: \.readsRerankScores)
        guard wish.isJudged else {
            let stage =
                readsScores || wish.filter == true
                ? try pipeline.stages.first ?? reranking(Self.usualDepth, options, registry, isAsked: true) : nil
            if stage == nil, readsScores || wish.filter == true { throw EngineError.nothingReranks }
            pipeline.feedback = FeedbackStage(opened, reranking: stage, isFiltered: wish.filter == true)
            return
        }
        if readsScores {
            throw OptionFault("feedback.methods", "others where a person judges passages than those that ask rerankers")
        }
        if wish.filter == true { throw OptionFault("feedback.filter", "left out where a person judges passages") }
        pipeline.feedback = FeedbackStage(
            opened,
            judged: FeedbackPassages(
                relevant: try wish.relevant.map { FeedbackPassage(try passage($0), score: 1) },
                irrelevant: try wish.irrelevant.map(passage)))
    }

    private func passage(_ id: String) throws -> PassageIndex {
        guard let passage = try reader.passage(withID: id) else { throw EngineError.noPassage(id: id) }
        return passage
    }
}
