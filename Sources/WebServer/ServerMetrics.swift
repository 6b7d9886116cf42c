import CoreMetrics
import Foundation
import Serving
import Telemetry

/// What a server counts.
struct ServerMetrics: Sendable {
    let prometheus = PrometheusMetrics()
    private let started = Date().timeIntervalSince1970

    init(version: String) {
        gauge("build_info", ["version": version], 1)
    }

    /// Adds one to `genret_NAME_total`.
    func count(_ name: String, _ labels: [String: String] = [:]) {
        Counter(label: "genret_\(name)_total", dimensions: labels.sorted { $0.key < $1.key }, factory: prometheus).increment()
    }

    func time(_ name: String, _ labels: [String: String] = [:], seconds: Double) {
        CoreMetrics.Timer(label: "genret_\(name)_seconds", dimensions: labels.sorted { $0.key < $1.key }, factory: prometheus)
            .recordNanoseconds(Int64(seconds * 1e9))
    }

    func gauge(_ name: String, _ labels: [String: String] = [:], _ value: Double) {
        Gauge(label: "genret_\(name)", dimensions: labels.sorted { $0.key < $1.key }, factory: prometheus).record(value)
    }

    /// What an index is now.
    func note(_ index: ServedIndex) { gauge("index_passages", ["index": index.name], Double(index.engine.count)) }

    /// All metrics as text, with what the process and the cache say now.
    func text(cache: AnswerCache, depth: Int, indexes: [ServedIndex]) -> String {
        gauge("queue_depth", [:], Double(depth))
        let counts = cache.counts
        gauge("cache_bytes", [:], Double(counts.bytes))
        let (hits, misses) = (counts.hits, counts.misses)
        var lines = [
            "# TYPE genret_cache_hits_total counter", "genret_cache_hits_total \(hits)",
            "# TYPE genret_cache_misses_total counter", "genret_cache_misses_total \(misses)",
            "# TYPE genret_index_info gauge",
        ]
        lines += indexes.map { "genret_index_info{generation=\"\($0.generation)\",index=\"\($0.name)\"} 1" }
        return prometheus.text() + (lines + ProcessFacts.lines(started: started)).joined(separator: "\n") + "\n"
    }
}

/// What the system says of this process, under the names that Prometheus' own clients use.
enum ProcessFacts {
    static func lines(started: Double) -> [String] {
        var lines = ["# TYPE process_start_time_seconds gauge", "process_start_time_seconds \(started)"]
        if let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?
            .split(separator: " ").dropFirst().first.flatMap({ Int($0) })
        {
            lines += [
                "# TYPE process_resident_memory_bytes gauge",
                "process_resident_memory_bytes \(pages * Int(sysconf(Int32(_SC_PAGESIZE))))",
            ]
        }
        if let files = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            lines += ["# TYPE process_open_fds gauge", "process_open_fds \(files.count)"]
        }
        var usage = rusage()
        #if os(Linux)
            let isKnown = getrusage(RUSAGE_SELF, &usage) == 0
        #else
            let isKnown = getrusage(RUSAGE_SELF, &usage) == 0
        #endif
        if isKnown {
            let seconds =
                Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
                + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
            lines += ["# TYPE process_cpu_seconds_total counter", "process_cpu_seconds_total \(seconds)"]
        }
        return lines
    }
}
