import Foundation

/// Numbers with four decimals, as trec_eval prints them.
enum FixedNumber {
    static func text(_ value: Double) -> String { String(format: "%.4f", value) }
}
