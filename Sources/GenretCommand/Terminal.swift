import Foundation

/// What standard output and standard error can show.
enum Terminal {
    static let inputIsTerminal = isatty(STDIN_FILENO) == 1
    static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
    private static let isDumb = variable("TERM") == "dumb"
    /// Whether a line of standard error can be written over.
    static let errorIsTerminal = isatty(STDERR_FILENO) == 1 && !isDumb
    /// Whether standard output gets colours and weights: a terminal, unless `NO_COLOR` is set (no-color.org) or it is a
    /// dumb one; anything where `CLICOLOR_FORCE` is set.
    private static let hasStyles =
        variable("NO_COLOR") == nil
        && (variable("CLICOLOR_FORCE").map { $0 != "0" } ?? false || outputIsTerminal && !isDumb)

    /// How wide standard output is, where it is a terminal; more than a hundred columns are hard to read.
    static var columns: Int? {
        guard outputIsTerminal else { return nil }
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return min(100, max(30, isKnown ? Int(size.ws_col) : variable("COLUMNS").flatMap { Int($0) } ?? 80))
    }

    /// An environment variable that says something.
    private static func variable(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Emphasised text: bold and yellow, or between asterisks.
    static var emphasis: (before: String, after: String) {
        hasStyles ? ("\u{1B}[1;33m", "\u{1B}[0m") : ("*", "*")
    }

    static func bold(_ text: String) -> String {
        hasStyles ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    static func dim(_ text: String) -> String {
        hasStyles ? "\u{1B}[2m\(text)\u{1B}[0m" : text
    }

    static func error(_ text: String) { StandardStreams.shared.error(text) }
}

extension Double {
    /// "0.8 s", "42 s", "3 min 20 s", "2 h 05 min".
    var asDuration: String {
        if self < 10 { return String(format: "%.1f s", self) }
        let seconds = Int(rounded())
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return String(format: "%d min %02d s", seconds / 60, seconds % 60) }
        return String(format: "%d h %02d min", seconds / 3600, seconds / 60 % 60)
    }
}

extension Int {
    /// "512 B", "3.4 MiB".
    var asBytes: String {
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        var value = Double(self)
        var unit = 0
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return unit == 0 ? "\(self) B" : String(format: "%.1f %@", value, units[unit])
    }

    /// "1 passage", "20,958 passages".
    func counted(_ thing: String) -> String { "\(grouped) \(thing)" + (self == 1 ? "" : "s") }

    /// "20,958".
    var grouped: String {
        var digits = Array(String(abs(self)))
        var position = digits.count - 3
        while position > 0 {
            digits.insert(",", at: position)
            position -= 3
        }
        return (self < 0 ? "-" : "") + String(digits)
    }
}
