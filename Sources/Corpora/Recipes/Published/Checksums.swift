import Foundation

/// Holds files against the checksums that they were published with.
enum Checksums {
    /// The differences among the files that were named on the command line or lie in a folder that was; files of which no checksum
    /// is known are passed over.
    ///
    /// - Complexity: reads each such file once, and no others.
    static func differences(
        _ arguments: [String], _ published: [String: String]
    ) throws(CorpusError) -> (found: [CorpusDifference], checked: Int) {
        var (found, checked) = ([CorpusDifference](), 0)
        for path in arguments.flatMap(files) {
            guard let expected = published[URL(filePath: path).lastPathComponent] else { continue }
            let digest = try MD5.ofFile(path)
            checked += 1
            if digest != expected { found.append(.init("MD5 of \(path)", published: expected, found: digest)) }
        }
        return (found, checked)
    }

    private static func files(_ argument: String) -> [String] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder), isFolder.boolValue else {
            return [argument]
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: argument)) ?? []
        return names.sorted().map { "\(argument)/\($0)" }
    }
}
