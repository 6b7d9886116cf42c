import ArgumentParser

/// Prints what a shell completes commands and options with.
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions", abstract: "Print a shell's completions of commands and options.",
        discussion: """
            genret completions bash > ~/.local/share/bash-completion/completions/genret
            genret completions zsh > "${fpath[1]}/_genret"
            genret completions fish > ~/.config/fish/completions/genret.fish
            """)

    @Argument(help: "The shell.") var shell: Shell

    enum Shell: String, ExpressibleByArgument, CaseIterable { case bash, zsh, fish }

    func run() {
        let known: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        // A script's control characters are its own.
        StandardStreams.shared.write(bytes: Genret.completionScript(for: known).utf8)
    }
}
