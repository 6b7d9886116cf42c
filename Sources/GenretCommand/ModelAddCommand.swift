import ArgumentParser
import Foundation
import Transformers

struct ModelAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Put a model of your own into the cache.",
        discussion: """
            PATH is a Hugging Face folder, or a .gguf or .safetensors file, of a model that genret runs; \
            all of it is read before it is taken. See genret model inspect.
            """)

    @Argument(help: "The folder or file.") var path: String
    @Option(help: "Its name in the cache (default: the folder's or file's).") var name: String?
    @Flag(help: "Refer to the files instead of copying them.") var link = false

    func run() throws {
        let folder = try ModelCache.standard.add(URL(filePath: path), name: name, linking: link)
        print("\(folder.lastPathComponent): \(folder.path)")
    }
}
