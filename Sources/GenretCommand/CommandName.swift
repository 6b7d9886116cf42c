import ArgumentParser

/// The command that arguments begin with.
enum CommandName {
    /// Arguments as the parser knows them: `-V` and `version` ask for the version.
    ///
    /// - Throws: a sentence with the nearest command where there is none of that name.
    static func checked(_ arguments: [String], in root: any ParsableCommand.Type) throws -> [String] {
        guard let first = arguments.first else { return arguments }
        if first == "-V" || first == "version" { return ["--version"] + arguments.dropFirst() }
        let commands = root.configuration.subcommands.map { $0.configuration }
        let isKnown = first == "help" || commands.contains { $0.commandName == first }
        guard !first.hasPrefix("-"), !isKnown else { return arguments }
        let near = commands.filter(\.shouldDisplay).compactMap(\.commandName)
            .map { (name: $0, distance: distance(first, $0)) }.min { $0.distance < $1.distance }
        let hint = near.flatMap { $0.distance <= 2 ? "did you mean \"\($0.name)\"?" : nil }
        throw ErrorMessage.Failure(
            sentence: "there is no command \"\(first)\"; \(hint ?? "\"genret --help\" lists them")", code: 64)
    }

    /// How many characters are put in, left out or changed (Levenshtein 1966).
    private static func distance(_ a: String, _ b: String) -> Int {
        let b = Array(b)
        var row = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, y) in b.enumerated() {
                (diagonal, row[j + 1]) = (row[j + 1], min(row[j] + 1, row[j + 1] + 1, diagonal + (x == y ? 0 : 1)))
            }
        }
        return row[b.count]
    }
}
