import Engine
import Foundation
import IndexStore
import Search
import Storage
import Transformers

extension DoctorReport {
    /// What is to be said of an index.
    static func index(_ index: Result<IndexDiagnosis, EngineError>?) -> [Line] {
        switch index {
        case nil: []
        case .failure(let error): [fault("index", error)]
        case .success(let index): head(index) + searches(index) + files(index) + surroundings(index)
        }
    }

    private static func fault(_ name: String, _ error: EngineError) -> Line {
        Line(name, "\(error)", .fault, advice: advice(for: error))
    }

    /// What mends it; damage has one answer.
    private static func advice(for error: EngineError) -> String? {
        if case .encoderNotInstalled(let name) = error, !KnownModel.all.contains(where: { $0.name == name }) {
            return "\"genret model add\" puts a folder of it into the cache"
        }
        let whole = ErrorMessage.sentence(of: error)
        let words = "\(error)"
        if whole.count > words.count + 2 { return String(whole.dropFirst(words.count + 2)) }
        return switch error {
        case .storage(.noIndex): "\"genret index CORPUS -o INDEX\" makes one"
        case .storage(.io): "see that it is there, and that this user may read it"
        case .storage(.damaged), .mismatch: "build the index anew, or bring back a copy of it"
        case .otherEncoder(let name, _, _):
            "\"genret model fetch \(name)\" on a cache without it, or build the index anew"
        default: nil
        }
    }

    private static func head(_ index: IndexDiagnosis) -> [Line] {
        let manifest = index.manifest
        let deleted = manifest.segments.reduce(0) { $0 + ($1.deleted?.passages ?? 0) }
        let gone = deleted > 0 ? ", \(deleted.grouped) deleted still in its files" : ""
        let fields =
            index.fields.isEmpty
            ? "none" : "\(index.fields.count), such as \(index.fields.prefix(3).joined(separator: ", "))"
        return [
            Line(
                "index",
                "\(index.path), format \(manifest.format), generation \(manifest.generation), written by genret \(manifest.genret)"
            ),
            Line("  passages", ChangeSummary.extent(of: manifest) + gone), Line("  fields", fields),
        ]
    }

    private static func searches(_ index: IndexDiagnosis) -> [Line] {
        var lines = index.components.map { component in
            let name = "  " + component.id.name
            let kind = component.isReranker ? "reranker" : "retriever"
            guard let reason = component.absence else { return Line(name, kind + ", runs") }
            return Line(
                name, "\(kind), does not run: \(reason)", component.isExpected ? .fault : .fine,
                advice: component.isExpected ? advice(for: reason) : nil)
        }
        let said = index.components.compactMap(\.absence)
        lines += index.notes.filter { !isSaid($0, of: said) }.map {
            Line("  search", ErrorMessage.sentence(of: $0), .note)
        }
        if let failure = index.failure, !said.contains(failure) { lines.append(fault("  search", failure)) }
        lines += index.aged.map { aged in
            let name = "  " + aged.id.name
            guard aged.lost.isEmpty else {
                return Line(
                    name, "is void: another or no \(aged.lost.map(\.name).joined(separator: ", "))", .note,
                    advice: "\"genret refresh\" estimates it again")
            }
            let words = [(aged.came, "passages came later"), (aged.left ?? 0, "have left since")].filter { $0.0 > 0 }
            return Line(
                name, "has aged: " + words.map { "\($0.0.grouped) \($0.1)" }.joined(separator: ", "), .note,
                advice: "\"genret refresh\" estimates it again")
        }
        return lines
    }

    /// Whether a note says no more than the lines of the components.
    private static func isSaid(_ note: SearchNote, of said: [EngineError]) -> Bool {
        if case .without = note.kind { return false }
        return said.contains(note.reason)
    }

    private static func files(_ index: IndexDiagnosis) -> [Line] {
        let shown = 5
        let all = index.surroundings.faults.map { EngineError.storage($0) } + index.faults
        var faults: [EngineError] = []
        for fault in all where !faults.contains(fault) { faults.append(fault) }
        guard !faults.isEmpty else {
            return [Line("  files", "\(index.surroundings.bytes.asBytes), all there and readable")]
        }
        let more =
            faults.count > shown ? [Line("  files", "\(faults.count - shown) more of them are not right", .fault)] : []
        return faults.prefix(shown).map { fault("  files", $0) } + more
    }

    private static func surroundings(_ index: IndexDiagnosis) -> [Line] {
        let around = index.surroundings
        let number = { (holder: Int32?) in holder.map { "process \($0)" } ?? "a process" }
        var lines: [Line] =
            switch around.writer {
            case .none: [Line("  writer", "nobody changes it")]
            case .process(let holder):
                [
                    Line(
                        "  writer", "\(number(holder)) is changing it", .note,
                        advice: "other changes wait until it ends")
                ]
            case .killed(let holder):
                [
                    Line(
                        "  writer", "\(number(holder)) was killed while it changed it", .note,
                        advice: "the next change takes over")
                ]
            }
        if !around.isWritable {
            lines.append(Line("  access", "this user may read it and not change it", .note))
        }
        if !around.leftovers.isEmpty {
            let bytes = around.leftovers.reduce(0) { $0 + $1.bytes }
            let names =
                around.leftovers.prefix(3).map(\.name).joined(separator: ", ")
                + (around.leftovers.count > 3 ? ", …" : "")
            lines.append(
                Line(
                    "  leftovers", "\(bytes.asBytes) that its manifest does not name: \(names)", .note,
                    advice: "the next change removes them, where nobody reads an older generation of it"))
        }
        let free = around.freeBytes.map { "\($0.asBytes) free" } ?? "free space unknown"
        let needed = around.compactBytes
        let isShort = around.freeBytes.map { $0 < needed } ?? false
        let compact = needed > 0 ? ", \"genret compact --all\" takes up to \(needed.asBytes)" : ", nothing to compact"
        return lines + [
            Line(
                "  disk", free + compact, isShort ? .note : .fine,
                advice: isShort ? "free some before it is compacted" : nil)
        ]
    }
}
