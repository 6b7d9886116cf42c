import BuiltTool
import Foundation

/// Words in the place of what differs between machines and runs.
enum StandIns {
    private static let version = Result {
        try Tool.run("--version").requireSuccess().output.trimmingCharacters(in: .newlines)
    }

    /// Folders, times, the number of cores and the version.
    static func put(into text: String, place: String) throws -> String {
        var text = text.replacing(place, with: "PLACE").replacing(Tool.folder, with: "TOOL")
            .replacing(Tool.root, with: "GENRET").replacing(try version.get(), with: "VERSION")
        text.replace(/(hits?) in [0-9.]+ ms \([^)]*\)/) { "\($0.1) in MS" }
        text.replace(/"milliseconds" : [0-9.e-]+/, with: "\"milliseconds\" : MS")
        text.replace(/"timings" : \{[^}]*\}/, with: "\"timings\" : MS")
        text.replace(/"generation" : "[0-9a-f]{16}"/, with: "\"generation\" : \"HASH\"")
        text.replace(/Threads\.\s+\(default: \d+\)/, with: "Threads. (default: CORES)")
        return text
    }

    /// Scores to three decimals, also those that are whole numbers here and may be none elsewhere.
    static func round(_ text: String) -> String {
        let named =
            /"(score|contribution|logProb|weight|coverage|idf|total|objective|ngram|docid|dense|bm25)" : (-?[0-9]+(?:\.[0-9]+)?(?:e-?[0-9]+)?)/
        return text.replacing(named) { "\"\($0.output.1)\" : \(rounded($0.output.2))" }
            .replacing(/-?[0-9]+\.[0-9]{4,}(?:e-?[0-9]+)?/) { rounded($0.output) }
    }

    private static func rounded(_ number: Substring) -> String {
        let text = String(format: "%.3f", Double(String(number)) ?? .nan)
        return text == "-0.000" ? "0.000" : text
    }

    /// Sizes and names of files that were written now: they depend on the machine's zstd and floating point.
    static func hideSizes(_ text: String) -> String {
        text.replacing(#/(?m)^ *[0-9.]+ ([KMG]i)?B +[0-9.]+ +[0-9.]+  /#, with: "  SIZE  ")
            .replacing(/"bytes" : \d+/, with: "\"bytes\" : SIZE")
            .replacing(/[0-9a-f]{64}/, with: "SHA256")
            .replacing(/[0-9a-f]{16}/, with: "HASH")
    }
}
