import ArgumentParser
import Engine
import IndexStore
import Memory
import Serving
import Tensors
import ToolServer

/// Offers indexes to models over standard input and output.
struct MCPCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp", abstract: "Offer indexes to models by the Model Context Protocol.",
        discussion: """
            A client starts this program and speaks to it over standard input and output. Models get the tools search \
            and fetch, and passages as resources.
            """)

    @Argument(help: ArgumentHelp("The indexes, each under its folder's name or as NAME=INDEX.", valueName: "index"))
    var indexes: [String]
    @Option(help: "What the url of a passage is, with {id} and {index}.") var urlTemplate = ToolOptions().urlTemplate
    @Option(help: "The most results of a search.") var maxHits = 50
    @Option(help: "Calls that run at a time. (default: as many as there are cores)") var workers: Int?
    @Option(help: "What the indexes hold, for models to choose by. (default: titles of some passages)")
    var description: String?
    @Flag(help: "Offer a tool that says why a passage was found.") var explain = false
    @Flag(help: "Leave out schemas of answers and structured answers, which some clients cannot read.")
    var plainTools = false
    @Option(help: "The precision of a trained generator: float32, float16, bfloat16 or int8.")
    var generatorPrecision = Precision.int8

    func validate() throws {
        guard (1...1000).contains(maxHits) else { throw ValidationError("--max-hits is 1 to 1000") }
        guard workers ?? 1 > 0 else { throw ValidationError("--workers is at least 1") }
    }

    func run() throws {
        WatchedFiles.watch()
        let served = try ServedIndexes.open(indexes, precision: generatorPrecision)
        var options = ToolOptions()
        (options.urlTemplate, options.maxHits, options.description) = (urlTemplate, maxHits, description)
        (options.explains, options.isPlain) = (explain, plainTools)
        (options.workers, options.version) = (workers ?? Parallel.cores, GenretVersion.current)
        // A client waits for its greeting only so long: the models are loaded behind it.
        _ = WorkerThread.start {
            for index in served { _ = try? index.engine.warm() }
        }
        LineTransport(ToolServer(served, options)).run()
    }
}
