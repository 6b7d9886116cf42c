import Serving

/// How a server runs.
public struct ServerConfiguration: Sendable {
    public enum Address: Sendable, Equatable {
        /// Port 0 is any that is free.
        case host(String, port: Int)
        /// A socket in the file system.
        case socket(String)

        /// Whether only programs on this machine get there.
        public var isLocal: Bool {
            switch self {
            case .host(let host, _):
                ["localhost", "::1", "[::1]"].contains(host.lowercased()) || host.hasPrefix("127.")
            case .socket: true
            }
        }
    }

    public var address = Address.host("127.0.0.1", port: 7878)
    /// Nil: everybody who gets there may search, and nobody may change an index.
    public var tokens: AccessTokens?
    /// Requests a second for each token, and twice as many at once; nil for no bound.
    public var ratePerToken: Double?
    /// Queries that run at a time, and those that wait besides.
    public var workers = 1
    public var queue = 4
    /// Of an answer, in seconds; time in the queue counts.
    public var timeout = 10.0
    /// From the first signal to stop until what still runs is ended, in seconds.
    public var grace = 20.0
    public var limits = ServingLimits.network
    /// Bytes of a request's body.
    public var maxBody = 2 << 20
    public var maxConnections = 1024
    /// Seconds after which a silent connection is closed, and in which a body must have come.
    public var idleTimeout = 60.0
    public var bodyTimeout = 15.0
    /// Bytes of answers that are kept.
    public var cache = 64 << 20
    /// Other origins whose pages may ask.
    public var origins: [String] = []
    public var hasPage = true
    /// Whether metrics need no token.
    public var hasPublicMetrics = false
    /// Whether tools are offered at /mcp.
    public var hasTools = false
    /// Seconds between looks at whether an index has changed; nil never looks.
    public var reloadInterval: Double? = 2
    public var logsQueries = false
    /// Of the program.
    public var version = ""

    public init() {}
}
