import BuiltTool
import Foundation

/// What the program says of its commands: a tree of names with their options.
struct CommandTree: Decodable {
    struct Name: Decodable {
        var kind: String
        var name: String
    }

    struct Argument: Decodable {
        var kind: String
        var names: [Name]?
        var isRepeating: Bool
        var parsingStrategy: String?
    }

    var commandName: String
    var subcommands: [CommandTree]?
    var arguments: [Argument]?

    private struct Dump: Decodable { var command: CommandTree }

    static func read() throws -> CommandTree {
        let text = try Tool.run(["--experimental-dump-help"]).output
        return try JSONDecoder().decode(Dump.self, from: Data(text.utf8)).command
    }

    /// Flags that are understood and shown nowhere.
    private static let others: Set = ["help", "h", "version", "V", "help-all", "help-hidden", "json=v1"]

    /// What is wrong with a command line; nil where nothing is.
    func fault(_ words: [String]) -> String? {
        var (command, rest) = (self, words[...])
        while let word = rest.first, let own = command.subcommands?.first(where: { $0.commandName == word }) {
            command = own
            rest.removeFirst()
        }
        if command.subcommands?.isEmpty == false {
            guard let word = rest.first, !Self.others.contains(String(word.drop { $0 == "-" })) else { return nil }
            return "there is no command \(word)"
        }
        let names = Set((command.arguments ?? []).flatMap { $0.names ?? [] }.map(\.name))
        for word in rest {
            if word == "--" { break }
            guard word.hasPrefix("-"), word.count > 1, Double(word) == nil else { continue }
            let flag = String(word.drop { $0 == "-" })
            let name = String(flag.prefix { $0 != "=" })
            if Self.others.contains(flag) || names.contains(name) { continue }
            // Short ones stand together, or have their value behind them.
            if !word.hasPrefix("--"), let first = name.first, names.contains(String(first)) { continue }
            return "\(command.commandName) has no \(word)"
        }
        return nil
    }
}

/// Takes lines of a shell apart, as far as documents need it.
enum Shell {
    /// The command lines of `genret` in a block, in words.
    static func commands(in lines: [String]) -> [(line: Int, words: [String])] {
        var commands: [(Int, [String])] = []
        var (text, start) = ("", 0)
        for (place, line) in lines.enumerated() {
            if text.isEmpty { start = place }
            if line.hasSuffix("\\") {
                text += line.dropLast() + " "
                continue
            }
            for piece in pieces(of: text + line) {
                var words = piece[...]
                if words.first == "$" { words.removeFirst() }
                guard let first = words.first, first == "genret" || first.hasSuffix("/genret") else { continue }
                commands.append((start, Array(words.dropFirst())))
            }
            text = ""
        }
        return commands
    }

    /// A line in commands, each in words; what is in quotes is a word, and comments are nothing.
    private static func pieces(of line: String) -> [[String]] {
        var pieces: [[String]] = [[]]
        var (word, isWord, quote) = ("", false, Character?.none)
        func end() {
            if isWord { pieces[pieces.count - 1].append(word) }
            (word, isWord) = ("", false)
        }
        for character in line {
            if let open = quote {
                if character == open { quote = nil } else { word.append(character) }
            } else if character == "\"" || character == "'" {
                (quote, isWord) = (character, true)
            } else if character == " " || character == "\t" {
                end()
            } else if "|;&<>()".contains(character) {
                end()
                pieces.append([])
            } else if character == "#", !isWord {
                break
            } else {
                word.append(character)
                isWord = true
            }
        }
        end()
        return pieces
    }
}
