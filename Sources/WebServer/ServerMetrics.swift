import CoreMetrics
import Engine
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
        Counter(label: "genret_\(name)_total", dimensions: labels.sorted { $0.key < $1.key }, factory: prometheus)
            .increment()
    }

    func time(_ name: String, _ labels: [String: String] = [:], seconds: Double) {
        CoreMetrics.Timer(
            label: "genret_\(name)_seconds", dimensions: labels.sorted { $0.key < $1.key }, factory: prometheus
        )
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
