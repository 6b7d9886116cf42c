import Foundation
import Storage

/// A copy of a container in which one section is other than it was, with the right checksums.
public enum ChangedContainer {
    /// - Parameters:
    ///   - kind: of both files.
    ///   - path: of the copy; what stands there is replaced.
    public static func write(
        _ good: Container, kind: String, to path: String, changing name: String, _ change: (inout [UInt8]) -> Void
    ) throws -> Container {
        try? FileManager.default.removeItem(atPath: path)
        let writer = try ContainerWriter(path: path, kind: kind)
        for section in good.sections {
            var bytes = try good.bytes(section.name).toArray()
            if section.name == name { change(&bytes) }
            try writer.write(section.name, bytes)
        }
        try writer.finish()
        return try Container(path: path, kind: kind)
    }
}
