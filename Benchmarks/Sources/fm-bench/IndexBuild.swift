import FMIndex
import Foundation
import Storage
import Workloads

/// From the token file to the stored index.
struct IndexBuild {
    let tokens: String
    let profile: NgramProfile
    let output: String

    func run() throws {
        let start = ContinuousClock.now
        let documentEnd = try TokenFile(path: tokens).documentEnd
        // No passage here has a title; the mark must only not occur.
        var builder = FMIndexBuilder(documentEnd: documentEnd, titleEnd: Int32.max - 1)
        try TokenFile.forEachPassage(path: tokens, documentEnd: documentEnd) {
            builder.add(title: UnsafeBufferPointer(start: nil, count: 0), body: $0)
        }
        let read = ContinuousClock.now
        let writer = try ContainerWriter(path: output, kind: FMIndex.fileKind)
        var stages: [(FMIndexBuilder.Stage, ContinuousClock.Instant)] = []
        var options = FMIndexBuilder.Options(profile: profile)
        options.progress = { stages.append(($0, .now)) }
        try builder.write(to: writer, options)
        try writer.finish()
        let end = ContinuousClock.now
        Figure("build, wall", (end - start) / .seconds(1), unit: "s").print()
        Figure("build, CPU", Usage.cpuSeconds, unit: "s").print()
        Figure("build, peak memory", Usage.peakBytes, unit: "B").print()
        Figure("build, of it reading", (read - start) / .seconds(1), unit: "s").print()
        for (place, stage) in stages.enumerated() {
            let until = place + 1 < stages.count ? stages[place + 1].1 : end
            Figure("build, of it \(stage.0)", (until - stage.1) / .seconds(1), unit: "s").print()
        }
    }
}
