import ArgumentParser
import Dispatch
import Engine
import Foundation
import IndexStore
import Logging
import Memory
import Search
import Serving
import Synchronization
import Tensors
import WebServer

/// Serves indexes by HTTP.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve indexes by HTTP: a page to search with, and JSON for programs.",
        discussion: """
            The first line of output is the address. A new generation of an index is loaded beside the old one and \
            takes over without a pause. Every option can be given in the environment, too: --timeout as \
            GENRET_SERVE_TIMEOUT. The page /openapi.json tells what can be asked.

            --help-all shows all options, those of experts too.
            """)

    @Argument(help: ArgumentHelp("The indexes, each under its folder's name or as NAME=INDEX.", valueName: "index"))
    var indexes: [String] = []
    @Option(help: "The address; any but this machine's own needs tokens. (default: 127.0.0.1)") var host: String?
    @Option(help: "The port, 0 for any. (default: 7878)") var port: Int?
    @Option(help: "A socket in the file system, in place of an address.") var socket: String?
    @Option(help: "A file of tokens, one a line, made by --new-token. One token alone can be given as GENRET_TOKEN.")
    var tokens: String?
    @Option(help: "Requests a second for each token.") var rate: Double?
    @Option(help: "Queries that run at a time. (default: as many as there are cores)") var workers: Int?
    @Option(help: "Queries that wait; the next is told to come back. (default: 4 a worker)") var queue: Int?
    @Option(help: "Seconds for an answer. (default: 10)") var timeout: Double?
    @Option(help: ArgumentHelp("The most hits of a query. (default: 1000)", visibility: .hidden)) var maxHits: Int?
    @Option(help: ArgumentHelp("The most queries of a batch. (default: 1000)", visibility: .hidden)) var maxBatch: Int?
    @Option(help: ArgumentHelp("The largest body of a request. (default: 2M)", visibility: .hidden)) var maxBody:
        String?
    @Option(help: "The memory for answers that are kept, 0 for none. (default: 64M)") var cache: String?
    @Option(help: "An origin whose pages may ask, such as https://wiki.example. Repeatable.")
    var cors: [String] = []
    @Option(
        help: ArgumentHelp(
            "A way to rerank by a language model that requests may ask for by this name, METHOD or METHOD:MODEL as \"genret rerank\" has them. Repeatable.",
            valueName: "method"))
    var rerankWith: [String] = []
    @Flag(help: "Offer tools to models at /mcp, by the Model Context Protocol.") var mcp = false
    @Flag(help: "No page.") var noPage = false
    @Flag(help: ArgumentHelp("Let anybody read /metrics.", visibility: .hidden)) var publicMetrics = false
    @Flag(help: ArgumentHelp("Do not look for new generations of the indexes.", visibility: .hidden)) var noWatch =
        false
    @Option(help: ArgumentHelp("Seconds between looks for new generations. (default: 2)", visibility: .hidden))
    var reloadInterval: Double?
    @Option(
        help: ArgumentHelp(
            "Seconds that running requests have when the server stops. (default: 20)", visibility: .hidden)) var grace:
        Double?
    @Option(help: "What is logged: debug, info, notice, warning or error. (default: info)") var logLevel: String?
    @Option(
        help: ArgumentHelp(
            "How: text, json, or auto, which is text on a terminal. (default: auto)", visibility: .hidden))
    var logFormat: String?
    @Option(
        help: ArgumentHelp(
            "The precision of a trained generator: float32, float16, bfloat16 or int8. (default: int8)",
            visibility: .hidden))
    var generatorPrecision: Precision?
    @Flag(help: "Open everything, say what would be served, and end.") var check = false
    @Option(
        help: ArgumentHelp(
            "Ask the server at this address, such as http://127.0.0.1:7878, or at this socket whether it is ready, and end: 0 where it is.",
            valueName: "address"))
    var probe: String?
    @Option(help: ArgumentHelp("Make a token and print it with its line for the file.", valueName: "name"))
    var newToken: String?
    @Option(help: "What a new token is for: search, metrics and admin, with commas.") var scopes = "search,metrics"

    func run() throws {
        if let newToken { return try makeToken(newToken) }
        if let probe { return try Self.wait { try await ReadinessProbe.ask(probe, timeout: 5) } }
        guard !indexes.isEmpty else { throw ValidationError("name an index to serve") }
        WatchedFiles.watch()
        let settings = try ServeSettings(self)
        let served = try ServedIndexes.open(indexes, precision: settings.precision)
        for index in served {
            try index.engine.warm()
            for method in settings.rerankMethods { try index.engine.warm(rerankingWith: method) }
        }
        var logger = Logger(label: "genret") { [format = settings.logFormat] _ in LineLogHandler(format) }
        logger.logLevel = settings.logLevel
        let server = try GenretServer(settings.server, indexes: served, logger: logger)
        for index in served {
            let overview = try index.engine.overview()
            ErrorMessage.note(
                "\(index.name): \(overview.passages.counted("passage")), \(overview.retrievers.map(\.name).joined(separator: ", "))"
            )
            for note in overview.notes { ErrorMessage.note("\(index.name): \(note)") }
        }
        if check { return }
        try Self.wait {
            try await server.run { address in
                print("listening on \(address)")
                StandardStreams.shared.flush()
            }
        }
    }

    /// Runs tasks while the main thread waits. An asynchronous `main` would end that thread, for which the C library wants to load
    /// the compiler's own, and a bare system has none.
    private static func wait(_ body: @escaping @Sendable () async throws -> Void) throws {
        let outcome = Mutex<Result<Void, any Error>>(.success(()))
        let isDone = DispatchSemaphore(value: 0)
        Task.detached {
            do { try await body() } catch { outcome.withLock { $0 = .failure(error) } }
            isDone.signal()
        }
        isDone.wait()
        try outcome.withLock { $0 }.get()
    }

    private func makeToken(_ name: String) throws {
        let known = scopes.split(separator: ",").map { AccessTokens.Scope(rawValue: String($0)) }
        guard !known.isEmpty, !known.contains(nil), IndexName.isValid(name) else {
            throw ValidationError("a token has a name of letters and digits, and scopes of search, metrics and admin")
        }
        let (token, line) = AccessTokens.new(name, scopes: Set(known.compactMap { $0 }))
        print("token: \(token)")
        print("line:  \(line)")
        ErrorMessage.note("the token is shown this once; the line belongs into the file that --tokens names")
    }
}
