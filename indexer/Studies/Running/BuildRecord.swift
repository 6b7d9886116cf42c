import Foundation
import Memory
import Storage
import Synchronization

/// What making an index has taken; `build.json` of a build's folder, which is written last.
struct BuildRecord: Codable, Sendable {
    /// In the order in which they ran.
    var stages: [StudyCell.Build.Stage]
    /// By file or part of the index.
    var bytes: [String: Int]
    /// Passages whose vectors are the encoder's own; nil without an encoder.
    var vectors: Int?
    /// How near static vectors are to the encoder's; nil where there are none.
    var cosine: Double?
    /// Of all passages, as the n-gram index has them.
    var tokens: Int?

    /// The stage in which docids are learnt; "training" is that of a generator.
    static let docidTraining = "docid training"
    /// The stage that writes the texts that they are learnt from.
    static let docidTexts = "docid texts"

    /// The stages and bytes that a retriever needs.
    ///
    /// `merge` needs all. Of n-grams, dense vectors and docids each has what only it needs; what reads the corpus is
    /// everybody's.
    func build(for retriever: String) -> StudyCell.Build {
        StudyCell.Build(
            stages: stages.filter { Self.needs(retriever, stage: $0.name) },
            bytes: bytes.filter { Self.needs(retriever, component: $0.key) },
            vectors: StudyPlan.usesVectors(retriever) ? vectors.map { .init(real: $0, cosine: cosine) } : nil)
    }

    /// Stages that only some retrievers need; all others are for everybody.
    private static let owners: [String: Set<String>] = [
        "vocabulary": ["ngram"], "suffix array": ["ngram"], "transform": ["ngram"], "ranks": ["ngram"],
        "vectors": ["dense", "docid"], "static vectors": ["dense", "docid"], "vector codes": ["dense", "docid"],
        "docid tree": ["docid"], "docid entries": ["docid"], docidTraining: ["docid"], docidTexts: ["docid"],
        "fusion weights": [], "questions": ["ngram"], "training": ["ngram"],
        "keys": ["ngram"], "key constants": ["ngram"], "look-ahead": ["docid"], "reranking": [],
    ]

    static func needs(_ retriever: String, stage: String) -> Bool {
        retriever == "merge" || owners[stage]?.contains(retriever) ?? true
    }

    static func needs(_ retriever: String, component: String) -> Bool {
        if retriever == "merge" { return true }
        return switch component {
        case "passages", "manifest": true
        case "ngrams", "tokenizer": retriever == "ngram"
        case "terms": retriever == "bm25"
        case "vectors": retriever == "dense" || retriever == "docid"
        case "docids": retriever == "docid"
        default: component.hasPrefix("generator") && retriever == "ngram"
        }
    }
}

extension StudyCell.Build.Stage {
    func named(_ name: String) -> Self {
        var other = self
        other.name = name
        return other
    }
}

/// Hears a build's progress, and notes what each stage takes.
final class StageRecorder: Sendable {
    private struct State {
        var stages: [StudyCell.Build.Stage] = []
        var current: String?
        var cpu = 0.0
    }

    private let state = Mutex(State())
    private let outer: WorkMonitor

    init(_ outer: WorkMonitor) { self.outer = outer }

    var stages: [StudyCell.Build.Stage] { state.withLock { $0.stages } }

    var monitor: WorkMonitor {
        WorkMonitor(cancellation: outer.cancellation) { [self] progress in
            hear(progress)
            outer.report(progress)
        }
    }

    private func hear(_ progress: WorkProgress) {
        state.withLock { state in
            if progress.isFinished {
                guard state.current == progress.stage else { return }
                let cpu = max(0, ProcessCosts.cpuSeconds - state.cpu)
                state.current = nil
                // What a build does again, for each segment, is one stage.
                if let place = state.stages.firstIndex(where: { $0.name == progress.stage }) {
                    state.stages[place].wall += progress.seconds
                    state.stages[place].cpu += cpu
                    state.stages[place].peakRSS = max(state.stages[place].peakRSS, PeakMemory.bytes)
                } else {
                    state.stages.append(
                        .init(progress.stage, wall: progress.seconds, cpu: cpu, peakRSS: PeakMemory.bytes))
                }
            } else if state.current != progress.stage {
                state.current = progress.stage
                state.cpu = ProcessCosts.cpuSeconds
                PeakMemory.forget()
            }
        }
    }
}
