import Engine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import Memory
import NIOCore
import NIOPosix
import ServiceLifecycle
import Serving
import ToolServer
import UnixSignals

/// Serves indexes by HTTP until a signal ends it.
public struct GenretServer: Sendable {
    /// Why a server does not start.
    public enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
        /// Anybody could ask.
        case needsTokens(host: String)
        case reservedName(String)
        case sameName(String)
        /// The system's words.
        case address(String, reason: String)

        public var description: String {
            switch self {
            case .needsTokens(let host):
                "at \(host) anybody could ask; name the tokens that may (--tokens FILE), of which \"genret serve --new-token NAME\" makes one"
            case .reservedName(let name): "an index cannot be served as \"\(name)\"; give it another name (NAME=INDEX)"
            case .sameName(let name): "two indexes would be called \"\(name)\"; give one another name (NAME=INDEX)"
            case .address(let address, let reason): "\(address): \(reason)"
            }
        }
    }

    private let state: ServerState
    private let table: RouteTable

    /// - Throws: ``Fault`` where it would not be safe to start, or names clash.
    public init(_ configuration: ServerConfiguration, indexes: [ServedIndex], logger: Logger) throws(Fault) {
        if case .host(let host, _) = configuration.address, !configuration.address.isLocal, configuration.tokens == nil
        {
            throw .needsTokens(host: host)
        }
        var names: Set<String> = []
        for index in indexes {
            if Routes.reserved.contains(index.name) { throw .reservedName(index.name) }
            if !names.insert(index.name).inserted { throw .sameName(index.name) }
        }
        state = ServerState(configuration, indexes: indexes, logger: logger)
        var tools: ToolServer?
        if configuration.hasTools {
            var options = ToolOptions()
            (options.workers, options.version) = (configuration.workers, configuration.version)
            (options.limits, options.maxHits) = (configuration.limits, min(50, configuration.limits.search.hits))
            tools = ToolServer(indexes, options)
        }
        table = RouteTable(Routes.all(isAlone: indexes.count == 1, tools: tools))
    }

    /// Runs until SIGTERM or SIGINT: what runs then is finished, for as long as the grace lasts.
    ///
    /// - Parameter onListening: hears the address, once the server can be asked.
    /// - Throws: ``Fault/address(_:reason:)``.
    public func run(onListening: @escaping @Sendable (String) -> Void) async throws {
        let (configuration, logger) = (state.configuration, state.logger)
        // What the libraries say of their own steps is for those who look for faults in them.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let connections = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionWatcher()],
            idleTimeout: .milliseconds(Int64(1000 * configuration.idleTimeout)),
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100))
        let address = configuration.address
        let application = Application(
            responder: WebResponder(state: state, table: table, gate: Gate(configuration)),
            server: .http1(configuration: connections),
            configuration: ApplicationConfiguration(
                address: address.bound, serverName: "genret", backlog: 512,
                availableConnectionsDelegate: MaximumAvailableConnections(configuration.maxConnections)),
            onServerRunning: { onListening(address.spelled($0.localAddress?.port)) },
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), logger: quiet)
        var services: [any Service] = [state.pool]
        if let interval = configuration.reloadInterval {
            services += state.indexes.map { IndexWatcher($0, every: interval, state.hub, state.metrics, logger) }
        }
        // The last stops first.
        services += [application, StopSwitch(state: state)]
        var group = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: quiet)
        group.maximumGracefulShutdownDuration = .seconds(configuration.grace)
        do {
            try await ServiceGroup(configuration: group).run()
        } catch let error as IOError {
            throw Fault.address(address.spelled(nil), reason: String(cString: strerror(error.errnoCode)))
        }
    }
}

extension ServerConfiguration.Address {
    fileprivate var bound: BindAddress {
        switch self {
        case .host(let host, let port): .hostname(host, port: port)
        case .socket(let path): .unixDomainSocket(path: path)
        }
    }

    /// As a URL; with the port that was given where any would do.
    fileprivate func spelled(_ port: Int?) -> String {
        switch self {
        case .host(let host, let own):
            "http://\(host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host):\(port ?? own)"
        case .socket(let path): "unix:\(path)"
        }
    }
}

/// Tells everybody when the server is to stop, and, when the grace is over, those who still work.
private struct StopSwitch: Service {
    let state: ServerState

    func run() async throws {
        try? await gracefulShutdown()
        state.stop()
        state.hub.close()
        let state = state
        Thread.detachNewThread {
            Thread.sleep(forTimeInterval: max(0, state.configuration.grace - 1))
            state.abort()
        }
    }
}
