import Synchronization
import Tensors
import Testing

@Suite struct ThreadTeamTests {
    @Test(arguments: [1, 2, 3, 8]) func everyPieceOnce(threads: Int) {
        let team = ThreadTeam(threads: threads)
        for count in [0, 1, 2, 3, 7, 64, 1_000] {
            for _ in 0..<50 {
                let marks = Mutex([Int](repeating: 0, count: count))
                team.run(count) { index in marks.withLock { $0[index] += 1 } }
                #expect(marks.withLock { $0.allSatisfy { $0 == 1 } })
            }
        }
    }

    @Test("Threads that have gone to sleep are woken") func pauses() async throws {
        let team = ThreadTeam(threads: 3)
        for _ in 0..<5 {
            try await Task.sleep(for: .milliseconds(5))
            let total = Mutex(0)
            team.run(100) { index in total.withLock { $0 += index } }
            #expect(total.withLock { $0 } == 4_950)
        }
    }
}
