import GenretCommand

/// The program `genret`; all of it is a library, so that others can have it inside.
@main
struct Program {
    static func main() { CommandLineTool.run(Array(CommandLine.arguments.dropFirst())) }
}
