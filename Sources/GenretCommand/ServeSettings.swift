import ArgumentParser
import Engine
import Foundation
import IndexStore
import Logging
import Memory
import Serving
import Tensors
import WebServer

/// What "genret serve" was told, by options or by the environment; an option wins.
struct ServeSettings {
    var server = ServerConfiguration()
    var logLevel = Logger.Level.info
    var logFormat = LineLogHandler.Format.text
    var precision = Precision.int8
    var rerankMethods: [String] { server.limits.search.rerankMethods.map { $0.sorted() } ?? [] }

    init(_ command: ServeCommand, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        let settings = Settings(environment: environment)
        server.version = GenretVersion.current
        server.workers = Parallel.cores
        let host = settings.text(command.host, "HOST") ?? "127.0.0.1"
        let port = try settings.number(command.port, "PORT", 0...65_535) ?? 7878
        server.address = settings.text(command.socket, "SOCKET").map { .socket($0) } ?? .host(host, port: port)
        server.tokens = try Self.tokens(settings.text(command.tokens, "TOKENS"), environment["GENRET_TOKEN"])
        server.ratePerToken = try settings.number(command.rate, "RATE", 0.001...1_000_000)
        server.workers = try settings.number(command.workers, "WORKERS", 1...1024) ?? server.workers
        server.queue = try settings.number(command.queue, "QUEUE", 0...1_000_000) ?? 4 * server.workers
        server.timeout = try settings.number(command.timeout, "TIMEOUT", 0.001...86_400) ?? server.timeout
        server.grace = try settings.number(command.grace, "GRACE", 0...86_400) ?? server.grace
        server.limits.search.hits =
            try settings.number(command.maxHits, "MAX_HITS", 1...1_000_000) ?? server.limits.search.hits
        server.limits.search.depth = max(server.limits.search.depth, server.limits.search.hits)
        server.limits.batch = try settings.number(command.maxBatch, "MAX_BATCH", 1...1_000_000) ?? server.limits.batch
        if let size = settings.text(command.maxBody, "MAX_BODY") { server.maxBody = try MemorySize.bytes(size) }
        if let size = settings.text(command.cache, "CACHE") {
            server.cache = size == "0" ? 0 : try MemorySize.bytes(size)
        }
        server.origins = command.cors.isEmpty ? settings.words("CORS") : command.cors
        let methods = command.rerankWith.isEmpty ? settings.words("RERANK_WITH") : command.rerankWith
        server.limits.search.rerankMethods = Set(methods)
        server.hasTools = try settings.flag(command.mcp, "MCP")
        server.hasPage = try !settings.flag(command.noPage, "NO_PAGE")
        server.hasPublicMetrics = try settings.flag(command.publicMetrics, "PUBLIC_METRICS")
        let interval = try settings.number(command.reloadInterval, "RELOAD_INTERVAL", 0.05...86_400) ?? 2
        server.reloadInterval = try settings.flag(command.noWatch, "NO_WATCH") ? nil : interval
        logLevel = try settings.choice(command.logLevel, "LOG_LEVEL", Logger.Level.allCases) ?? .info
        logFormat = try Self.format(settings.text(command.logFormat, "LOG_FORMAT") ?? "auto")
        precision =
            try command.generatorPrecision ?? settings.choice(nil, "GENERATOR_PRECISION", Precision.allCases) ?? .int8
    }

    private static func tokens(_ file: String?, _ token: String?) throws -> AccessTokens? {
        guard file != nil || token?.isEmpty == false else { return nil }
        var tokens = AccessTokens()
        if let file {
            do {
                tokens = try AccessTokens(file: String(contentsOfFile: file, encoding: .utf8))
            } catch let error as AccessTokens.BadLine {
                throw ErrorMessage.Failure(sentence: "\(file): \(error)", code: 64)
            }
        }
        if let token, !token.isEmpty {
            tokens.add("environment", token: token, scopes: Set(AccessTokens.Scope.allCases))
        }
        return tokens
    }

    private static func format(_ name: String) throws -> LineLogHandler.Format {
        if name == "auto" { return Terminal.errorIsTerminal ? .text : .json }
        guard let format = LineLogHandler.Format(rawValue: name) else {
            throw ValidationError("--log-format is auto, text or json")
        }
        return format
    }
}

/// Options beside the environment's `GENRET_SERVE_…`.
private struct Settings {
    let environment: [String: String]

    private func value(_ name: String) -> String? {
        environment["GENRET_SERVE_\(name)"].flatMap { $0.isEmpty ? nil : $0 }
    }

    func text(_ option: String?, _ name: String) -> String? { option ?? value(name) }

    func words(_ name: String) -> [String] { value(name)?.split(separator: " ").map(String.init) ?? [] }

    func number<Number: LosslessStringConvertible & Comparable>(
        _ option: Number?, _ name: String, _ range: ClosedRange<Number>
    ) throws -> Number? {
        let own =
            try option
            ?? value(name).map { text in
                guard let number = Number(text) else { throw ValidationError("GENRET_SERVE_\(name) is no number") }
                return number
            }
        if let own, !range.contains(own) {
            let flag = name.lowercased().replacing("_", with: "-")
            throw ValidationError("--\(flag) is \(range.lowerBound) to \(range.upperBound)")
        }
        return own
    }

    func flag(_ option: Bool, _ name: String) throws -> Bool {
        guard !option, let text = value(name) else { return option }
        guard let flag = ["1": true, "true": true, "0": false, "false": false][text.lowercased()] else {
            throw ValidationError("GENRET_SERVE_\(name) is true or false")
        }
        return flag
    }

    func choice<Choice: RawRepresentable<String>>(_ option: String?, _ name: String, _ all: [Choice]) throws -> Choice?
    {
        guard let text = text(option, name) else { return nil }
        guard let choice = all.first(where: { $0.rawValue == text }) else {
            let flag = name.lowercased().replacing("_", with: "-")
            throw ValidationError("--\(flag) is one of \(all.map(\.rawValue).joined(separator: ", "))")
        }
        return choice
    }
}
