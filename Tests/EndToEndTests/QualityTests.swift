import BuiltTool
import Foundation
import Testing
import Transformers

/// From a corpus to a figure, through the binary alone: a search that has become worse fails here, whatever the reason.
@Suite struct QualityTests {
    private static let cache = ModelCache.standard
    static let hasEncoder = cache.directory(of: KnownModel.defaultEncoder) != nil

    /// nDCG@10 of the sample's questions, as `eval` prints it.
    private func quality(_ index: String, models: String?, _ more: String...) throws -> Double {
        let run = Tool.fresh("run.txt")
        try Tool.run(
            ["search", index, "--queries", Tool.sample, "-o", run, "-q", "--hits", "10"] + more, models: models
        )
        .requireSuccess()
        let judged = try Tool.run("eval", "--qrels", Tool.sample, "--run", run, "-m", "ndcg_cut_10").requireSuccess()
        let line = try #require(judged.output.split(separator: "\n").last { $0.hasPrefix("ndcg_cut_10 ") })
        return try #require(line.split { $0 == " " || $0 == "\t" }.last.flatMap { Double($0) })
    }

    @Test(
        "Without an encoder",
        arguments: [
            (["--retrievers", "ngram,bm25"], 0.74), (["--retrievers", "bm25"], 0.73),
            (["--retrievers", "ngram"], 0.66),
        ])
    func lexical(options: [String], floor: Double) throws {
        let run = try quality(try Tool.index.get(), models: nil, options[0], options[1])
        #expect(run > floor)
    }

    @Test("With the default encoder", .enabled(if: hasEncoder, "the default encoder is not installed"))
    func full() throws {
        let index = Tool.fresh("full.genret")
        let models = Self.cache.directory.path
        try Tool.run(
            ["index", Tool.sample, "-o", index, "-q", "--generator", "none", "--pseudo-queries", "40"], models: models
        ).requireSuccess()
        // As measured, less two points.
        #expect(try quality(index, models: models) > 0.92)
        #expect(try quality(index, models: models, "--retrievers", "dense") > 0.90)
    }
}
