import ArgumentParser
import Engine
import IndexStore

/// Checks an index.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every checksum of an index, and whether its files belong together.")

    @Argument(help: "The index.") var index: String
    @Flag(help: "Open every structure, too: ids that stand twice, counts, marks, what is deleted.") var deep = false
    @OptionGroup var reporting: ReportFlags

    func run() throws {
        let reader = try IndexReader.open(index)
        try reader.verify(isDeep: deep)
        let found = "every checksum is right" + (deep ? ", and all fits together" : "")
        let manifest = reader.manifest
        try reporting.say(
            ReportJSON.Verified(
                index: index, isDeep: deep, passages: manifest.passages, segments: manifest.segments.count)
        ) { print("\(index): \(found); \(ChangeSummary.extent(of: manifest))") }
    }
}
