import Foundation

/// What Linux's control groups grant this process: those of the second version, in its own group and all above it, and
/// the first version's at its root, where containers see theirs.
package struct ControlGroup {
    /// In bytes; nil for no limit.
    package private(set) var memory: Int?
    package private(set) var cores: Double?

    /// - Parameters:
    ///   - root: where the groups are mounted.
    ///   - own: the file that names this process's group.
    package init(root: String = "/sys/fs/cgroup", own: String = "/proc/self/cgroup") {
        let lines = (try? String(contentsOfFile: own, encoding: .utf8))?.split(separator: "\n") ?? []
        let path = lines.first { $0.hasPrefix("0::/") }.map { String($0.dropFirst(3)) } ?? "/"
        var group = URL(filePath: root + path).standardizedFileURL
        while true {
            add(memory: Self.words(group.path + "/memory.max").first.flatMap { Int($0) })
            let quota = Self.words(group.path + "/cpu.max").compactMap { Double($0) }
            if quota.count == 2, quota[1] > 0 { cores = min(cores ?? .infinity, quota[0] / quota[1]) }
            guard group.path.hasPrefix(root + "/"), group.path.count > root.count + 1 else { break }
            group.deleteLastPathComponent()
        }
        // Without a limit it is the largest number of pages.
        add(
            memory: Self.words(root + "/memory/memory.limit_in_bytes").first.flatMap { Int($0) }.flatMap {
                $0 < 1 << 60 ? $0 : nil
            })
    }

    private mutating func add(memory limit: Int?) {
        if let limit { memory = min(memory ?? .max, limit) }
    }

    private static func words(_ file: String) -> [Substring] {
        ((try? String(contentsOfFile: file, encoding: .utf8)) ?? "").split { $0 == " " || $0 == "\n" }
    }
}
