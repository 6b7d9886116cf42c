import Foundation
import Logging

/// Writes log lines to standard error, as text for people or as JSON for programs. What comes from clients is escaped, so that no
/// line looks like another's.
public struct LineLogHandler: LogHandler {
    public enum Format: String, Sendable, CaseIterable { case text, json }

    public var logLevel = Logger.Level.info
    public var metadata: Logger.Metadata = [:]
    private let format: Format

    public init(_ format: Format) { self.format = format }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let time = Date().formatted(.iso8601.dateTimeSeparator(.standard))
        let line: String
        switch format {
        case .text:
            let facts = all.map { " \($0.key)=\(Self.escaped("\($0.value)"))" }.joined()
            line = "\(time) \(event.level): \(Self.escaped("\(event.message)"))\(facts)\n"
        case .json:
            var members = Dictionary(all.map { ($0.key, "\($0.value)") }) { $1 }
            members.merge(["time": time, "level": "\(event.level)", "message": "\(event.message)"]) { $1 }
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            guard let data = try? encoder.encode(members) else { return }
            line = String(decoding: data, as: UTF8.self) + "\n"
        }
        FileHandle.standardError.write(Data(line.utf8))
    }

    /// Without control characters.
    package static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { isControl($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
