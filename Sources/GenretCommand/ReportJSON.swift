import Engine
import FMIndex
import IndexStore
import Indexing
import Memory
import Search

/// What commands did, as JSON.
enum ReportJSON {
    /// A change of an index.
    struct Change: Encodable {
        var index: String
        var isDryRun: Bool
        var added: Int
        var replaced: Int
        var deleted: Int
        var compacted: Int
        var passages: Int
        var segments: Int
        var seconds: Double

        init(_ report: IndexChange.Report, of index: String, isDryRun: Bool) {
            (self.index, self.isDryRun) = (index, isDryRun)
            (added, replaced, deleted) = (report.added, report.replaced, report.deleted)
            (compacted, seconds) = (report.compacted, report.seconds)
            (passages, segments) = (report.manifest.passages, report.manifest.segments.count)
        }
    }

    /// A new index.
    struct Build: Encodable {
        struct Generator: Encodable {
            var choice: String
            var questions: Int
            var none: Double
            var base: Double
            var refined: Double?
        }

        var index: String
        var passages: Int
        var tokens: Int
        var segments: Int
        var badLines: Int
        var ngramProfile: String
        var ngramBytesPerToken: Double
        var generator: Generator?
        var seconds: Double
        var peakMemoryBytes: Int

        init(_ report: IndexReport, at index: String) {
            self.index = index
            (passages, tokens) = (report.manifest.passages, report.manifest.tokens)
            (segments, badLines) = (report.manifest.segments.count, report.manifest.corpus.badLines)
            (ngramProfile, ngramBytesPerToken) = (report.ngramProfile.rawValue, report.ngramBytesPerToken)
            if case .success(let own)? = report.refinement {
                generator = Generator(
                    choice: own.choice.rawValue, questions: own.questions, none: own.none, base: own.base,
                    refined: own.refined)
            }
            (seconds, peakMemoryBytes) = (report.seconds, PeakMemory.bytes)
        }
    }

    /// An index made of several.
    struct Merge: Encodable {
        var index: String
        var isDryRun: Bool
        var passages: Int
        var segments: Int
        var outvoted: Int
        var kept: [String]
        var dropped: [String]
        var seconds: Double

        init(_ report: IndexMerge.Report, at index: String, isDryRun: Bool) {
            (self.index, self.isDryRun) = (index, isDryRun)
            (passages, segments, outvoted) = (report.passages, report.segments, report.outvoted)
            (kept, dropped) = (report.kept.map(\.name), report.dropped.map(\.name))
            seconds = report.seconds
        }
    }

    /// An index that follows a folder.
    struct Sync: Encodable {
        struct Fault: Encodable {
            var name: String
            var reason: String
        }

        var index: String
        var isDryRun: Bool
        var isSame: Bool
        var filesAdded: [String]
        var filesAdopted: [String]
        var filesChanged: [String]
        var filesRemoved: [String]
        var filesKept: [String]
        var filesUnchanged: Int
        var faults: [Fault]
        var added: Int
        var replaced: Int
        var deleted: Int
        var passages: Int?
        var seconds: Double

        init(_ report: FolderSync.Report, of index: String, isDryRun: Bool) {
            (self.index, self.isDryRun, isSame) = (index, isDryRun, report.isSame)
            let files = report.files
            (filesAdded, filesAdopted, filesChanged) = (files.added, files.adopted, files.changed)
            (filesRemoved, filesKept, filesUnchanged) = (files.removed, files.kept, files.unchanged)
            faults = report.faults.map { Fault(name: $0.name, reason: $0.reason) }
            (added, replaced, deleted) = (report.added, report.replaced, report.deleted)
            (passages, seconds) = (report.manifest?.passages, report.seconds)
        }
    }

    /// What was estimated again.
    struct Refresh: Encodable {
        struct Item: Encodable {
            var id: String
            var isMissing: Bool
            var came: Int
            var left: Int?
            var outcome: String?
        }

        var index: String
        var isDryRun: Bool
        var items: [Item]
        var passages: Int
        var seconds: Double
    }

    /// A run against judgements, or several.
    struct Evaluation: Encodable {
        struct Run: Encodable {
            var run: String
            /// Over which means are taken.
            var queries: Int
            var measures: [String: Double]
            /// The p value of each measure against the first run; nil for the first.
            var p: [String: Double]?
            /// By query; nil where they were not asked for.
            var perQuery: [String: [String: Double]]?
        }

        /// What a run changed against another.
        struct Change: Encodable {
            var run: String
            var against: String
            var queries: Int
            /// In the mean, under the names of the table.
            var figures: [String: Double]
            var perQuery: [String: [String: Double]]?
        }

        /// How alike a run answers forms of the same query.
        struct Variants: Encodable {
            var run: String
            var figures: [String: Double]
        }

        /// What two judgements say of the runs.
        struct Agreement: Encodable {
            /// The mean by `--qrels` and by `--agreement`.
            struct Run: Encodable {
                var run: String
                var queries: Int
                var qrels: Double
                var agreement: Double
            }

            var measure: String
            var runs: [Run]
            var tau: Double?
            var tauAp: Double?
            var pairs: Int
            /// Pairs of runs by class.
            var classes: [String: Int]
            var falsePositiveRate: Double?
            var falseNegativeRate: Double?
        }

        var runs: [Run]
        /// How p values were corrected; nil where there are none.
        var correction: String?
        var changes: [Change]?
        var variants: [Variants]?
        var agreement: [Agreement]?
    }

    /// Models of this machine.
    struct Models: Encodable {
        struct Model: Encodable {
            var name: String
            var isInstalled: Bool
            var bytes: Int
            var summary: String?
            var licence: String?
        }

        var cache: String
        var models: [Model]
    }

    /// An index that was checked.
    struct Verified: Encodable {
        var index: String
        var isRight = true
        var isDeep: Bool
        var passages: Int
        var segments: Int
    }

    /// A file of queries that was answered.
    struct Searched: Encodable {
        var queries: Int
        var empty: [String]
        var seconds: Double
        var p50Milliseconds: Double
        var p95Milliseconds: Double
    }
}
