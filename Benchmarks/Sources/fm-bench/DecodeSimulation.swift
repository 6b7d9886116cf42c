import FMIndex
import Memory
import Workloads

/// The constrained beam searches of a workload: a decoder's work without its model.
struct DecodeSimulation {
    let index: FMIndex
    let workload: FMWorkload

    func run() {
        let search = workload.search
        let allowed = AllowedTokens(index, excluding: [workload.documentEnd])
        var hash = ChoiceHash()
        var sample = Sample()
        workload.scores.withUnsafeBuffer { all in
            for query in 0..<search.queries {
                var chosen: [[ExtensionSearch.Extension]] = []
                let time = timed {
                    var extensions = ExtensionSearch(index, allowed: allowed)
                    var beams: [(rows: FMIndex.Rows, score: Float)] = [(index.all, 0)]
                    for step in 0..<search.steps {
                        let rows = beams.enumerated().map { beam, state in
                            let vector = (query * 131 + step * 31 + beam * 7) % workload.vectorCount
                            let start = vector * workload.vocabulary
                            return ExtensionSearch.Beam(
                                rows: state.rows, logProb: state.score,
                                scores: UnsafeBufferPointer(
                                    rebasing: all[start..<start + workload.vocabulary]))
                        }
                        let best = extensions.best(search.candidates, of: rows)
                        chosen.append(best)
                        beams = best.prefix(search.beams).map { ($0.rows, $0.score) }
                    }
                }
                sample.add(time / .milliseconds(1))
                for item in chosen.joined() { hash.add(token: item.token, beam: Int32(item.beam)) }
            }
        }
        Figure("decode", sample.mean, unit: "ms").print()
        Figure("decode, median", sample.median, unit: "ms").print()
        Figure("decode hash", hash.hex).print()
    }
}
