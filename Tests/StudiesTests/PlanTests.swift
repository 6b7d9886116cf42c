import Corpora
import Engine
import FMIndex
import Foundation
import Memory
import Studies
import Testing
import Transformers

@Suite struct PlanTests {
    private static let models = ModelCache(directory: URL(filePath: NSTemporaryDirectory() + "no-models"))

    private func plan(_ change: (inout StudyPlan) -> Void = { _ in }) -> StudyPlan {
        var plan = StudyPlan()
        plan.options.encoder = nil
        plan.sizes = [.passages(60), .all]
        plan.retrievers = ["bm25"]
        change(&plan)
        return plan
    }

    private func keys(_ plan: StudyPlan, _ census: CorpusCensus) throws -> Set<String> {
        Set(try plan.cellKeys(census, models: Self.models))
    }

    @Test func everyOptionChangesKeys() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census(seeds: [1, 2])
        let base = try keys(plan(), census)
        #expect(base.count == 2)
        #expect(try keys(plan(), census) == base)
        let changes: [(inout StudyPlan) -> Void] = [
            { $0.seed = 2 }, { $0.retrievers = ["ngram"] }, { $0.options.pseudoQueries = 3 },
            { $0.options.ngramProfile = .compact }, { $0.options.seed = 9 }, { $0.threads = [1] },
            { $0.distractors = [.pooled(10)] },
        ]
        for (number, change) in changes.enumerated() {
            let other = try keys(plan(change), census)
            // The whole corpus is the same sample whatever its distractors; the smaller ones differ.
            #expect(other != base, "change \(number)")
        }
        // What is added leaves what is there.
        #expect(try keys(plan { $0.typos = [0.1] }, census).isSuperset(of: base))
        #expect(try keys(plan { $0.sizes.append(.passages(100)) }, census).isSuperset(of: base))
        #expect(try keys(plan { $0.replicates = 2 }, census).isSuperset(of: base))
        #expect(try keys(plan { $0.replicates = 2 }, census).count == 3)
    }

    @Test func othersQueriesAreOtherKeys() throws {
        let (corpus, fewer) = (try SmallCorpus(), try SmallCorpus(limit: 5))
        defer {
            corpus.remove()
            fewer.remove()
        }
        #expect(try keys(plan(), corpus.census()).isDisjoint(with: keys(plan(), fewer.census())))
    }

    @Test func folderAndNameAreNotInKeys() throws {
        let (one, other) = (try SmallCorpus(), try SmallCorpus())
        defer {
            one.remove()
            other.remove()
        }
        #expect(one.folder != other.folder)
        #expect(try keys(plan(), one.census()) == keys(plan(), other.census()))
    }

    @Test func sizesAboveTheCorpusAreRefused() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        let tooLarge = plan { $0.sizes = [.passages(301)] }
        #expect(throws: StudyError.tooLarge(size: 301, corpus: corpus.input.corpus, passages: 300)) {
            try tooLarge.cellKeys(census, models: Self.models)
        }
        // Sizes that nobody named are taken as far as they go.
        #expect(
            try keys(plan { ($0.sizes, $0.takesOnlySizesThatFit) = ([.passages(301), .all], true) }, census).count == 1)
    }

    @Test func sizesBelowTheJudgedPassagesHaveThemAll() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        let small = try keys(plan { $0.sizes = [.passages(10), .passages(20), .passages(40)] }, census)
        #expect(try small == keys(plan { $0.sizes = [.passages(40)] }, census))
        #expect(small.count == 1)
    }

    @Test func vectorsNeedAnEncoder() throws {
        let corpus = try SmallCorpus()
        defer { corpus.remove() }
        let census = try corpus.census()
        #expect(throws: StudyError.needsEncoder(retriever: "dense")) {
            try plan { $0.retrievers = ["dense"] }.cellKeys(census, models: Self.models)
        }
        #expect(try keys(plan { $0.retrievers = nil }, census).count == 6)
    }
}
