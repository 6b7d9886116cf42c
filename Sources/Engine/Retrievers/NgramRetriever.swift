import FMIndex
import IndexStore
import Ranking
import Search
import Transformers

/// Retrieval by generated n-grams (SEAL): beam search under the FM-index, key weights, evidence.
public struct NgramRetriever: IndexRetriever {
    public static let id: ComponentID = "ngram"

    /// Where n-grams come from.
    public enum Generator: String, Sendable, Codable, CaseIterable {
        /// The index's own network.
        case trained
        /// Copying from the query and the corpus' counts; nothing is trained.
        case untrained
    }

    private let index: NgramIndex
    private let options: NgramOptions
    private let generator: TrainedGenerator?
    private let tokenizer: NgramTokenizer
    private let marks: NgramMarks
    /// What the query's terms give by themselves; nil with SEAL's scores.
    private let terms: IndexTerms?

    public let needs: QueryNeeds
    /// Keys are those of the query as it was asked; the terms below them may be others.
    public var follows: QueryForms { terms == nil ? [] : .terms }

    public static func open(_ index: IndexReader, _ options: Options) throws -> Opened<NgramRetriever> {
        let ngrams = try index.value(IndexNgrams.self)
        let tokenizer = try index.value(IndexTokenizer.self).ngrams
        let hasGenerator = index.manifest.part(GeneratorPart.kind) != nil
        var notes: [SearchNote] = []
        var generator: TrainedGenerator?
        if options.generator != .untrained, hasGenerator || options.generator == .trained {
            do {
                generator = try trained(index)
            } catch {
                guard options.generator == nil else { throw error }
                notes.append(SearchNote(.without(part: GeneratorPart.kind, id), reason: EngineError(error)))
            }
        }
        var own = options.ngrams(generator?.tuning)
        if generator != nil { own.dropsWeightless = own.dropsWeightless ?? true }
        var terms: IndexTerms?
        if own.effectiveScoring == .increments {
            do {
                terms = try index.value(IndexTerms.self)
            } catch {
                guard own.scoring == nil else { throw error }
                notes.append(SearchNote(.without(part: "terms", id), reason: EngineError(error)))
            }
        }
        let retriever = NgramRetriever(
            index: ngrams.index, options: own, generator: generator, tokenizer: tokenizer, marks: ngrams.marks,
            terms: terms,
            needs: generator == nil ? [] : .states)
        return Opened(
            retriever, uses: generator == nil ? [] : [GeneratorPart.kind, .keyConstants],
            declines: options.generator == .untrained && hasGenerator ? [GeneratorPart.kind] : [], notes: notes)
    }

    private static func trained(_ index: IndexReader) throws -> TrainedGenerator {
        guard let generator = try index.value(IndexGenerator.self).ngrams else {
            throw EngineError.notTrained(kind: GeneratorPart.kind, what: "passages", index: index.path)
        }
        return generator
    }

    public func retrieve(_ query: Query, depth: Int) throws -> RankedList {
        guard let tokens = query[NgramQuery.self] else { throw EngineError.emptyQuery }
        var options = options
        // All passages that are asked for are read in full.
        if options.evidence.fullScore > 0 { options.evidence.fullScore = max(options.evidence.fullScore, depth) }
        let floor = terms?.floor(query, decode: tokenizer.decode)
        let found =
            if let generator, let source = query[GeneratorModel.Source.self] {
                index.search(
                    tokens, generator: generator.ngrams(source), k: depth, options: options, floor: floor,
                    filter: query.filter, threads: query.threads, cancellation: query.cancellation)
            } else {
                index.search(
                    tokens, k: depth, options: options, floor: floor, filter: query.filter, threads: query.threads,
                    cancellation: query.cancellation)
            }
        let evidence = found.evidence
        var exactScore: (@Sendable (PassageIndex) -> Float)?
        if let floor { exactScore = { evidence.score(of: $0, over: floor) } }
        return RankedList(
            id, passages: found.passages, ceiling: found.ceiling,
            // A full list hides what lies below it; a short one holds all there is.
            floor: found.passages.count < depth ? 0 : found.passages.last?.score ?? 0,
            exactScore: exactScore,
            evidence: KeyEvidence(
                evidence: evidence, floor: floor, index: index, tokenizer: tokenizer, marks: marks),
            counters: [
                "keys": Double(found.keyCount), "invalidKeys": Double(found.invalidKeys),
                "evidenceSeconds": found.evidenceTime / .seconds(1), "generatorRuns": generator == nil ? 0 : 1,
            ])
    }
}

/// The n-gram index of all segments.
package struct IndexNgrams: LoadedOnce {
    package let index: NgramIndex
    package let marks: NgramMarks

    package init(loading index: IndexReader) throws {
        let tokenizer = try index.value(IndexTokenizer.self).ngrams
        try index.checkStamps()
        let living = try index.living()
        let segments = try index.snapshot.segments.enumerated().map { place, segment in
            NgramSegment(
                index: try segment.component(FMIndex.self), living: living[place],
                deleted: try segment.componentOfDeleted(FMIndex.self), excluded: tokenizer.excluded,
                startsWord: tokenizer.startsWord)
        }
        let marks = Set(segments.map { NgramMarks($0.index) })
        guard let own = marks.first, marks.count == 1 else {
            throw EngineError.mismatch(path: index.path, what: "its segments do not belong together")
        }
        self.marks = own
        self.index = NgramIndex(segments)
    }
}
