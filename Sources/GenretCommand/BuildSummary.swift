import Engine
import FMIndex
import Foundation
import IndexStore
import Indexing
import Memory

/// What a build made, in a few lines.
enum BuildSummary {
    /// - Throws: why the generator that the index was to have was not refined, after everything else was said.
    static func say(_ report: IndexReport, at path: String) throws {
        let count = report.manifest.segments.count
        let segments = count > 1 ? "\(count) segments, " : ""
        print(
            """
            \(path): \(report.manifest.passages.counted("passage")), \(report.manifest.tokens.counted("token")), \
            \(segments)\(report.seconds.asDuration), peak memory \(PeakMemory.bytes.asBytes)
            n-gram index: \(report.ngramProfile.rawValue), \(String(format: "%.1f", report.ngramBytesPerToken)) bytes a token
            """)
        if let line = report.vectors.flatMap({ VectorLine.text($0.encoded, of: $0.total, cosine: $0.cosine) }) {
            print("vectors: \(line)")
        }
        for line in PartLines.estimates(of: report.manifest) { print(line) }
        switch report.refinement {
        case nil: break
        case .success(let refinement): describe(refinement)
        case .failure(is Cancelled), .failure(EngineError.cancelled):
            throw ErrorMessage.Failure(
                sentence: "interrupted; \(path) stands, without a trained generator", code: 130)
        case .failure(let error):
            ErrorMessage.note("\(path) stands, without a trained generator:")
            throw error
        }
    }

    private static func describe(_ report: GeneratorRefinement.Report) {
        let ranks =
            [("none", report.none), ("base", report.base)]
            + (report.refined.map { [("refined", $0)] } ?? [])
        print(
            "generator: \(report.choice.rawValue); MRR@10 of n-grams on \(report.questions) questions held out: "
                + ranks.map { "\($0.0) \(String(format: "%.3f", $0.1))" }.joined(separator: ", "))
        if report.isCutShort {
            ErrorMessage.note(
                "--train-minutes ended the training of the generator before its last step; another machine may make another index"
            )
        }
    }
}
