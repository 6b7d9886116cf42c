import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Asks a server whether it is ready, for a supervisor that has no client of its own: a container without a shell, a script.
public enum ReadinessProbe {
    public enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
        case address(String)
        case silent(String, reason: String)
        case notReady(String, status: Int)

        public var description: String {
            switch self {
            case .address(let text):
                "\"\(text)\" is no address to ask; one is http://127.0.0.1:7878, or a socket's path, /run/genret.socket"
            case .silent(let address, let reason): "\(address) does not answer: \(reason)"
            case .notReady(let address, let status): "\(address) is not ready: status \(status)"
            }
        }
    }

    /// - Parameters:
    ///   - address: `http://HOST[:PORT][/PATH]`, or the path of a socket, which begins with a slash; without a path `/ready` is
    ///     asked for.
    ///   - timeout: in seconds, for all of it.
    /// - Throws: ``Fault`` where the answer is another than 200.
    public static func ask(_ address: String, timeout: Double) async throws(Fault) {
        let place: ServerConfiguration.Address
        var head = HTTPRequestHead(version: .http1_1, method: .GET, uri: "/ready")
        head.headers.add(name: "Connection", value: "close")
        if address.hasPrefix("/") {
            place = .socket(address)
            head.headers.add(name: "Host", value: "localhost")
        } else {
            guard let url = URL(string: address), url.scheme == "http", let host = url.host, !host.isEmpty else {
                throw .address(address)
            }
            place = .host(host, port: url.port ?? 80)
            if url.path.count > 1 { head.uri = url.path }
            head.headers.add(name: "Host", value: host + (url.port.map { ":\($0)" } ?? ""))
        }
        let status: Int
        do {
            status = try await within(timeout) { [head] in try await answer(to: head, at: place) }
        } catch let error as IOError {
            throw .silent(address, reason: String(cString: strerror(error.errnoCode)))
        } catch is NIOConnectionError {
            throw .silent(address, reason: "no connection")
        } catch is TookTooLong {
            throw .silent(address, reason: "not within \(timeout) s")
        } catch {
            throw .silent(address, reason: "\(error)")
        }
        if status != 200 { throw .notReady(address, status: status) }
    }

    private struct TookTooLong: Error {}
    private struct ClosedEarly: Error, CustomStringConvertible {
        var description: String { "the connection was closed without an answer" }
    }

    private typealias Client = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// The status of an answer.
    private static func answer(to head: HTTPRequestHead, at place: ServerConfiguration.Address) async throws -> Int {
        @Sendable func client(_ channel: any Channel) -> EventLoopFuture<Client> {
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHTTPClientHandlers()
                return try Client(wrappingChannelSynchronously: channel)
            }
        }
        let bootstrap = ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
        let channel =
            switch place {
            case .host(let host, let port):
                try await bootstrap.connect(host: host, port: port, channelInitializer: client)
            case .socket(let path):
                try await bootstrap.connect(unixDomainSocketPath: path, channelInitializer: client)
            }
        return try await channel.executeThenClose { answer, request in
            try await request.write(.head(head))
            try await request.write(.end(nil))
            for try await case .head(let head) in answer { return Int(head.status.code) }
            throw ClosedEarly()
        }
    }

    private static func within<Value: Sendable>(
        _ seconds: Double, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            group.addTask(operation: body)
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                throw TookTooLong()
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw TookTooLong() }
            return first
        }
    }
}
