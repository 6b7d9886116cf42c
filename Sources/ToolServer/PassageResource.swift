import Engine
import Foundation
import Search
import Serving

/// Passages as resources: `genret:///INDEX/ID`.
enum PassageResource {
    static let template = JSONTree.object([
        "uriTemplate": .string("genret:///{index}/{+id}"), "name": .string("passage"), "title": .string("Passage"),
        "description": .string("A passage by its id."), "mimeType": .string("text/plain"),
    ])

    /// - Throws: ``RPCError`` where nothing is at the address.
    static func read(_ uri: JSONTree?, _ shelf: Shelf) throws(RPCError) -> [String: JSONTree] {
        guard case .string(let text)? = uri else { throw RPCError(.invalidParams, "uri is a text") }
        let prefix = "genret:///"
        let unknown = RPCError(
            .invalidParams, "there is no resource \(text.prefix(200))", data: .object(["uri": .string(text)]))
        guard text.hasPrefix(prefix) else { throw unknown }
        let parts = text.dropFirst(prefix.count).split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let name = String(parts[0]).removingPercentEncoding,
            let id = String(parts[1]).removingPercentEncoding,
            let index = shelf.indexes.first(where: { $0.name == name })
        else { throw unknown }
        do {
            guard let passage = try index.engine.passagesWithFields(ids: [id])[0] else { throw unknown }
            let whole = [passage.text.title, passage.text.text].filter { !$0.isEmpty }.joined(separator: "\n\n")
            return [
                "contents": .array([
                    .object([
                        "uri": .string(text), "mimeType": .string("text/plain"), "text": .string(Shelf.clean(whole)),
                    ])
                ])
            ]
        } catch let error as RPCError {
            throw error
        } catch {
            throw RPCError(.invalidParams, Problem(error).detail)
        }
    }
}
