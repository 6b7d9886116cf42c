import Foundation
import Testing

/// Indexes that are changed at random answer as ones that are built of what they should have. More sequences than
/// here: GENRET_SEQUENCES=10000 scripts/test --filter LivingIndexTests; GENRET_FIRST_SEQUENCE is where they begin.
@Suite struct LivingIndexTests {
    private static let sequences = number("GENRET_SEQUENCES") ?? 24
    private static let first = number("GENRET_FIRST_SEQUENCE") ?? 0

    private static func number(_ name: String) -> Int? { Int(ProcessInfo.processInfo.environment[name] ?? "") }

    @Test("Any sequence of changes leaves what remains", .timeLimit(.minutes(600))) func sequences() throws {
        for seed in UInt64(Self.first)..<UInt64(Self.first + Self.sequences) {
            // One in four has vectors and docids too.
            var model = try LivingModel(seed: seed, encoder: seed % 4 == 3 ? "tiny_bert" : nil)
            for _ in 0..<6 {
                try model.step()
                if model.steps.count % 2 == 0 { try model.check(queries: 2) }
            }
            try model.check(queries: 4)
        }
    }
}
