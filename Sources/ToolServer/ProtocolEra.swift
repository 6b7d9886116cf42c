import Search

/// The two ways in which clients of the Model Context Protocol speak. Until 2025 they shook hands first (`initialize`); since
/// 2026-07-28 every request says its version, and nothing is remembered.
enum ProtocolEra: Sendable, Equatable {
    case handshake
    case stateless

    static let handshakeVersions = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"]
    static let statelessVersions = ["2026-07-28"]

    /// - Throws: ``RPCError`` where a version is not known, or what belongs to it is missing.
    init(of message: RPCMessage) throws(RPCError) {
        guard let version = message.meta("protocolVersion") else {
            // Only the newer way knows it; a client that looks for it says its version.
            self = .handshake
            return
        }
        guard case .string(let text) = version, Self.statelessVersions.contains(text) else {
            throw RPCError(
                .unsupportedVersion, "this version of the protocol is not known",
                data: .object([
                    "supported": .array((Self.statelessVersions + Self.handshakeVersions).map { .string($0) }),
                    "requested": version,
                ]))
        }
        guard case .object? = message.meta("clientCapabilities") else {
            throw RPCError(.invalidParams, "_meta must have io.modelcontextprotocol/clientCapabilities")
        }
        self = .stateless
    }
}
