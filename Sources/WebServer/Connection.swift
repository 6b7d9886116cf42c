import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOHTTPTypes
import Synchronization

/// What is known of the connection that a request came by: what hummingbird gives a responder.
struct Connection: InitializableFromSource, Sendable {
    let channel: any Channel
    /// When the request was read.
    let begun = ContinuousClock.now
    private let life: ConnectionLife

    init(source: ApplicationRequestContextSource) {
        channel = source.channel
        life = ConnectionRegistry.shared.life(of: source.channel)
    }

    /// Whether the client has gone.
    var isClosed: Bool { life.isClosed }
}

/// Whether a connection lives.
final class ConnectionLife: Sendable {
    private let closed = Atomic(false)

    var isClosed: Bool { closed.load(ordering: .relaxed) }
    func close() { closed.store(true, ordering: .relaxed) }
}

/// The connections that live, by their channels: a responder is told of the channel only.
final class ConnectionRegistry: Sendable {
    static let shared = ConnectionRegistry()
    private let lives = Mutex<[ObjectIdentifier: ConnectionLife]>([:])

    func life(of channel: any Channel) -> ConnectionLife {
        lives.withLock { $0[ObjectIdentifier(channel)] } ?? ConnectionLife()
    }

    func open(_ channel: any Channel) { lives.withLock { $0[ObjectIdentifier(channel)] = ConnectionLife() } }

    func close(_ channel: any Channel) {
        lives.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }?.close()
    }
}

/// Notes that a client closed its end: nobody reads the answer any more.
final class ConnectionWatcher: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = HTTPRequestPart

    func handlerAdded(context: ChannelHandlerContext) { ConnectionRegistry.shared.open(context.channel) }

    func channelInactive(context: ChannelHandlerContext) {
        ConnectionRegistry.shared.close(context.channel)
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { ConnectionRegistry.shared.close(context.channel) }
        context.fireUserInboundEventTriggered(event)
    }
}
