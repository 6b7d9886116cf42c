import Foundation

/// What the system says of this process, under the names that Prometheus' own clients use.
enum ProcessFacts {
    static func lines(started: Double) -> [String] {
        var lines = ["# TYPE process_start_time_seconds gauge", "process_start_time_seconds \(started)"]
        let memory = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
        if let pages = memory?.dropFirst().first.flatMap({ Int($0) }) {
            lines += [
                "# TYPE process_resident_memory_bytes gauge",
                "process_resident_memory_bytes \(pages * sysconf(Int32(_SC_PAGESIZE)))",
            ]
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            lines += ["# TYPE process_open_fds gauge", "process_open_fds \(files.count)"]
        }
        // The fields behind the name, which stands in parentheses: the 12th and 13th are clock ticks in user and system mode.
        if let stat = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let fields = stat.split(separator: ")").last?.split(separator: " "), fields.count > 12,
            let user = Double(fields[11]), let system = Double(fields[12])
        {
            let seconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
            lines += ["# TYPE process_cpu_seconds_total counter", "process_cpu_seconds_total \(seconds)"]
        }
        return lines
    }
}
