import Engine
import Foundation
import IndexStore
import Search
import Transformers

/// A diagnosis in lines, each with what was found and, where it is a fault, what to do.
struct DoctorReport {
    enum Weight: String, Encodable {
        case fine
        /// Worth knowing.
        case note
        /// Something cannot run.
        case fault
    }

    struct Line: Encodable {
        var name: String
        var weight: Weight
        var text: String
        /// What to do.
        var advice: String?

        init(_ name: String, _ text: String, _ weight: Weight = .fine, advice: String? = nil) {
            (self.name, self.text, self.weight, self.advice) = (name, text, weight, advice)
        }
    }

    let lines: [Line]
    private let diagnosis: Diagnosis

    init(_ diagnosis: Diagnosis) {
        self.diagnosis = diagnosis
        let all = Self.machine(diagnosis) + Self.models(diagnosis.models) + Self.index(diagnosis.index)
        lines = all.map { Line($0.name, HomePath.short($0.text), $0.weight, advice: $0.advice.map(HomePath.short)) }
    }

    var faults: Int { lines.count { $0.weight == .fault } }

    var text: String {
        let width = (lines.map(\.name.count).max() ?? 0) + 2
        let rows = lines.flatMap { line -> [String] in
            let mark = line.weight == .fault ? "! " : line.weight == .note ? "- " : "  "
            let row = mark + line.name.padding(toLength: width, withPad: " ", startingAt: 0) + line.text
            return [row] + (line.advice.map { [String(repeating: " ", count: width + 2) + "=> " + $0] } ?? [])
        }
        let end =
            switch faults {
            case 0: "all that is there can run"
            case 1: "1 thing cannot run"
            case let count: "\(count) things cannot run"
            }
        return (rows + ["", end]).joined(separator: "\n")
    }

    private static func machine(_ diagnosis: Diagnosis) -> [Line] {
        let machine = diagnosis.machine
        var cores = "\(machine.usableCores) of \(machine.cores) cores"
        if let limit = machine.coreLimit { cores += String(format: ", of which a control group grants %.1f", limit) }
        let isSlow = machine.instructions == "portable" && machine.kernel.hasSuffix("x86_64")
        let memory = [
            machine.memory.map(\.asBytes), machine.availableMemory.map { $0.asBytes + " available" },
            machine.memoryLimit.map { "a control group grants " + $0.asBytes },
        ].compactMap { $0 }
        var lines = [
            Line("genret", diagnosis.version), Line("system", machine.system + ", " + machine.kernel),
            Line("processor", (machine.processor ?? "unknown") + ", " + cores),
            Line(
                "kernels", "\(machine.instructions), 8-bit products with \(machine.int8Instructions)",
                isSlow ? .note : .fine, advice: isSlow ? "the processor has no AVX2: models run much slower" : nil),
            Line("memory", memory.isEmpty ? "unknown" : memory.joined(separator: ", ")),
        ]
        if let library = machine.productLibrary { lines.append(Line("products", library)) }
        let libraries = machine.libraries.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return lines + [Line("libraries", (libraries + ["marisa-trie does not say"]).joined(separator: ", "))]
    }

    private static func models(_ models: ModelFacts) -> [Line] {
        let state = models.exists ? "" : ", not there yet"
        let free = models.freeBytes.map { ", \($0.asBytes) free" } ?? ""
        let folder = models.directory.path + state + (models.isWritable ? ", writable" : ", not writable") + free
        let cache = Line(
            "models", folder, models.isWritable ? .fine : .note,
            advice: models.isWritable
                ? nil : "models can only be fetched into a folder that may be written; GENRET_MODELS names another")
        return [cache]
            + models.models.map { model in
                switch model.state {
                case .installed:
                    Line(
                        "  " + model.name,
                        "installed, \(model.bytes.asBytes)"
                            + (model.isShipped ? ", came with genret" : model.isKnown ? "" : ", added by hand"))
                case .absent:
                    Line(
                        "  " + model.name, "not installed, \(model.bytes.asBytes)",
                        advice: "\"genret model fetch \(model.name)\" gets it")
                case .damaged(let error):
                    Line(
                        "  " + model.name, "damaged: \(error)", .fault,
                        advice: model.isShipped
                            ? "it came with genret: install genret again"
                            : "\"genret model remove \(model.name)\", then "
                                + (model.isKnown
                                    ? "\"genret model fetch \(model.name)\"" : "\"genret model add\" again"))
                }
            }
    }
}

extension DoctorReport: Encodable {
    private enum Member: String, CodingKey { case genret, usable, machine, index, lines }

    /// The numbers behind an index's lines.
    private struct Index: Encodable {
        var format: Int
        var generation: Int
        var segments: Int
        var passages: Int
        var bytes: Int
        var freeBytes: Int?
        var compactBytes: Int
        var runs: [String]
        var doesNotRun: [String]
    }

    func encode(to encoder: any Encoder) throws {
        var members = encoder.container(keyedBy: Member.self)
        try members.encode(diagnosis.version, forKey: .genret)
        try members.encode(faults == 0, forKey: .usable)
        try members.encode(diagnosis.machine, forKey: .machine)
        if case .success(let index) = diagnosis.index {
            let components = index.components
            try members.encode(
                Index(
                    format: index.manifest.format, generation: index.manifest.generation,
                    segments: index.manifest.segments.count, passages: index.manifest.passages,
                    bytes: index.surroundings.bytes, freeBytes: index.surroundings.freeBytes,
                    compactBytes: index.surroundings.compactBytes,
                    runs: components.filter { $0.absence == nil }.map(\.id.name),
                    doesNotRun: components.filter { $0.absence != nil }.map(\.id.name)), forKey: .index)
        }
        try members.encode(
            lines.map { line in
                var line = line
                line.name = line.name.trimmingCharacters(in: .whitespaces)
                return line
            }, forKey: .lines)
    }
}

/// Paths as they may be shown to others.
enum HomePath {
    /// A text with the home folder written `~`.
    static func short(_ text: String) -> String {
        var short = text
        let named = ProcessInfo.processInfo.environment["HOME"] ?? ""
        for home in [named, FileManager.default.homeDirectoryForCurrentUser.path] {
            let folder = home.hasSuffix("/") ? String(home.dropLast()) : home
            guard folder.count > 1, folder.hasPrefix("/") else { continue }
            if short == folder { short = "~" }
            short = short.replacing(folder + "/", with: "~/")
            for end in [",", ":", ";", " "] { short = short.replacing(folder + end, with: "~" + end) }
        }
        return short
    }
}
