import ArgumentParser
import Learning

/// The losses that a training has to choose from.
enum LossFlag {
    static let usual = RankingLosses.usual

    static let help = ArgumentHelp(
        "What is made least: " + RankingLosses.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ") + ".")

    static func check(_ name: String) throws {
        guard RankingLosses.named(name) != nil else {
            throw ValidationError("--loss is one of \(RankingLosses.all.map(\.name).joined(separator: ", "))")
        }
    }
}
