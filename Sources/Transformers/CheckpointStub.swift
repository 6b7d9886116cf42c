import Foundation
import Memory
import Storage

public struct Checkpoint: Sendable {
    public let path: String
    let file: Safetensors
    public let configuration: JSONValue
    public init(contentsOf url: URL) throws(ModelError) {
        path = url.path
        file = try Safetensors(contentsOf: url.appendingPathComponent("model.safetensors"))
        configuration = try ModelFile.json(url.appendingPathComponent("config.json"))
    }
    public func contains(_ name: String) -> Bool { file.entry(name) != nil }
    public func shape(of name: String) -> [Int]? { file.entry(name)?.shape }
    public func floats(_ name: String, shape: [Int]) throws(ModelError) -> FrozenArray<Float> {
        try file.floats(name, shape: shape)
    }
}
