import ArgumentParser
import Engine
import IndexStore

/// Checks an index.
struct VerifyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check every checksum of an index, and whether its files belong together.")

    @Argument(help: "The index.") var index: String
    @Flag(help: "Open every structure, too: ids that stand twice, counts, marks, what is deleted.") var deep = false

    func run() throws {
        let reader = try IndexReader.open(index)
        try reader.verify(isDeep: deep)
        let found = "every checksum is right" + (deep ? ", and all fits together" : "")
        print("\(index): \(found); \(ChangeSummary.extent(of: reader.manifest))")
    }
}
