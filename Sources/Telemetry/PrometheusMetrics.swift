import CoreMetrics
import Synchronization

/// Keeps metrics and prints them as Prometheus reads them: its text format, version 0.0.4.
///
/// Of swift-metrics' kinds counters are counters, meters and plain recorders are gauges, and timers and recorders that aggregate
/// are histograms with fixed buckets; timers are in seconds. In names, what Prometheus does not allow becomes an underscore.
public final class PrometheusMetrics: MetricsFactory {
    /// A metric with one set of labels.
    private struct Series: Hashable {
        var name: String
        var labels: [[String]]
    }

    private enum Cell: Sendable {
        case counter(SharedNumber)
        case gauge(SharedNumber)
        case histogram(Histogram)

        var kind: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    /// The upper bounds of histograms, in seconds for timers.
    public static let buckets = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    private let cells = Mutex<[Series: Cell]>([:])

    public init() {}

    /// All metrics, sorted by name and labels.
    public func text() -> String {
        let known = cells.withLock { $0 }
        var lines: [String] = []
        let byName = Dictionary(grouping: known.keys, by: \.name)
        for name in byName.keys.sorted() {
            let series = (byName[name] ?? []).sorted {
                $0.labels.lexicographicallyPrecedes($1.labels, by: Self.precedes)
            }
            guard let kind = series.first.flatMap({ known[$0]?.kind }) else { continue }
            lines.append("# TYPE \(name) \(kind)")
            for one in series { lines += known[one].map { Self.lines(of: $0, one) } ?? [] }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func precedes(_ a: [String], _ b: [String]) -> Bool { a.lexicographicallyPrecedes(b) }

    private static func lines(of cell: Cell, _ series: Series) -> [String] {
        switch cell {
        case .counter(let number), .gauge(let number):
            return ["\(series.name)\(braces(series.labels)) \(spelled(number.value))"]
        case .histogram(let histogram):
            let (counts, sum) = histogram.state
            var total = 0
            var lines: [String] = []
            for (bound, count) in zip(buckets.map(spelled) + ["+Inf"], counts) {
                total += count
                lines.append("\(series.name)_bucket\(braces(series.labels + [["le", bound]])) \(total)")
            }
            lines.append("\(series.name)_sum\(braces(series.labels)) \(spelled(sum))")
            return lines + ["\(series.name)_count\(braces(series.labels)) \(total)"]
        }
    }

    private static func braces(_ labels: [[String]]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0[0])=\"\(escaped($0[1]))\"" }.joined(separator: ",") + "}"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    /// Whole numbers without a fraction.
    private static func spelled(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    /// Letters, digits, underscores and colons; no digit first.
    private static func allowed(_ name: String) -> String {
        let legal = name.unicodeScalars.map { scalar -> Character in
            let isLegal = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            return isLegal || scalar == "_" || scalar == ":" ? Character(scalar) : "_"
        }
        return (legal.first?.isNumber == true ? "_" : "") + String(legal)
    }

    private func series(_ label: String, _ dimensions: [(String, String)]) -> Series {
        Series(
            name: Self.allowed(label),
            labels: dimensions.sorted { $0.0 < $1.0 }.map { [Self.allowed($0.0), $0.1] })
    }

    /// The cell of a series; the first kind that a name is made with stays its kind.
    private func cell(_ label: String, _ dimensions: [(String, String)], _ make: () -> Cell) -> Cell {
        let series = series(label, dimensions)
        return cells.withLock { cells in
            if let known = cells[series] { return known }
            let cell = make()
            cells[series] = cell
            return cell
        }
    }
}

extension PrometheusMetrics {
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        guard case .counter(let number) = cell(label, dimensions, { .counter(SharedNumber()) }) else {
            return SharedNumber()
        }
        return number
    }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions)
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        aggregate ? histogram(label, dimensions) : gauge(label, dimensions)
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    // Metrics live as long as the factory: what was counted once is wanted until the process ends.
    public func destroyCounter(_ handler: any CounterHandler) {}
    public func destroyMeter(_ handler: any MeterHandler) {}
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    public func destroyTimer(_ handler: any TimerHandler) {}

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> SharedNumber {
        guard case .gauge(let number) = cell(label, dimensions, { .gauge(SharedNumber()) }) else {
            return SharedNumber()
        }
        return number
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> Histogram {
        guard case .histogram(let histogram) = cell(label, dimensions, { .histogram(Histogram()) }) else {
            return Histogram()
        }
        return histogram
    }
}
