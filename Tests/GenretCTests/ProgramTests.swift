import BuiltTool
import Foundation
import Testing

/// A program in C, compiled against the header and the library.
@Suite struct ProgramTests {
    private static let compiler = ["/usr/bin/cc", "/usr/bin/clang"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    private static let library = Tool.product("libgenretc.so") ?? Tool.product("libgenretc.dylib")

    private func run(_ program: String, _ arguments: [String]) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let (output, errors) = (Pipe(), Pipe())
        (process.standardOutput, process.standardError) = (output, errors)
        try process.run()
        let said = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: said, as: UTF8.self),
            String(decoding: complained, as: UTF8.self)
        )
    }

    @Test("C opens, asks and closes", .enabled(if: compiler != nil && library != nil)) func ask() throws {
        let folder = try #require(Self.library).deletingLastPathComponent().path
        let program = Tool.folder + "/ask"
        let built = try run(
            try #require(Self.compiler),
            [
                "-std=c11", "-Wall", "-Wextra", "-Werror", "-I", Tool.root + "/Sources/CGenret/include",
                Tool.root + "/Tests/GenretCTests/Fixtures/ask.c", "-L", folder, "-lgenretc", "-Wl,-rpath," + folder,
                "-o", program,
            ])
        try #require(built.code == 0, "\(built.errors)")
        let found = try run(program, [Face.sample, "search", #"{"query": "grey liquid on my starter", "hits": 1}"#])
        #expect(found.code == 0 && found.output.contains(#""docid":"sourdough-starter""#))
        let failed = try run(program, [Face.sample, "search", "{}"])
        #expect(failed.code == 1 && failed.errors.hasPrefix("400 "))
    }
}
