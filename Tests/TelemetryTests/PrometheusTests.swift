import CoreMetrics
import Telemetry
import Testing

@Suite("Prometheus' text") struct PrometheusTests {
    @Test("Counters, gauges and histograms, sorted, with their labels escaped") func text() {
        let metrics = PrometheusMetrics()
        let counter = Counter(label: "b.requests-total", dimensions: [("z", "1"), ("a", "x\"\\\n")], factory: metrics)
        counter.increment()
        counter.increment(by: 2)
        Gauge(label: "a", factory: metrics).record(1.5)
        let timer = Timer(label: "c", factory: metrics)
        timer.recordNanoseconds(1_000_000)
        timer.recordNanoseconds(3_000_000)
        timer.recordNanoseconds(20_000_000_000)
        let lines = metrics.text().split(separator: "\n").map(String.init)
        #expect(lines[0] == "# TYPE a gauge" && lines[1] == "a 1.5")
        #expect(lines[2] == "# TYPE b_requests_total counter")
        #expect(lines[3] == #"b_requests_total{a="x\"\\\n",z="1"} 3"#)
        #expect(lines[4] == "# TYPE c histogram" && lines[5] == #"c_bucket{le="0.001"} 1"#)
        #expect(lines[6] == #"c_bucket{le="0.0025"} 1"# && lines[7] == #"c_bucket{le="0.005"} 2"#)
        #expect(lines[lines.count - 3] == #"c_bucket{le="+Inf"} 3"#)
        #expect(lines[lines.count - 2] == "c_sum 20.004" && lines[lines.count - 1] == "c_count 3")
    }

    @Test("What is made again is the same, and no kind takes another's place") func kinds() {
        let metrics = PrometheusMetrics()
        for _ in 0..<3 { Counter(label: "x", factory: metrics).increment() }
        Gauge(label: "x", factory: metrics).record(7)
        #expect(metrics.text() == "# TYPE x counter\nx 3\n")
    }

    @Test("Threads lose nothing") func threads() async {
        let metrics = PrometheusMetrics()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        Counter(label: "n", factory: metrics).increment()
                        Timer(label: "t", factory: metrics).recordNanoseconds(1_000_000)
                    }
                }
            }
        }
        #expect(metrics.text().contains("n 8000\n") && metrics.text().contains("t_count 8000\n"))
    }
}
