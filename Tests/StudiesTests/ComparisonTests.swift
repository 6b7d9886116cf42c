import Foundation
import Studies
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct ComparisonTests {
    @Test func pairsCellsOfTheSameSample() throws {
        let first = [
            ReportTests.cell("dense", 1000, [:], ReportTests.values(0.5)),
            ReportTests.cell("bm25", 1000, [:], ReportTests.values(0.6)),
            ReportTests.cell("bm25", 9000, [:], ReportTests.values(0.5)),
        ]
        var second = [
            ReportTests.cell("bm25", 1000, [:], ReportTests.values(0.6)),
            ReportTests.cell("dense", 1000, [:], ReportTests.values(0.6)),
            ReportTests.cell("dense", 1000, ["beam": "5"], ReportTests.values(0.6)),
        ]
        // Keys and the order of queries differ.
        for index in second.indices {
            second[index].key += "-b"
            second[index].queries.reverse()
            for (name, quality) in second[index].quality {
                second[index].quality[name] = .init(values: quality.values.reversed())
            }
        }
        let comparison = StudyComparison(first, second, firstName: "before", secondName: "after")
        #expect(comparison.pairs.map(\.name) == ["dense, 1k", "BM25, 1k"])
        let differences = try comparison.pairs.map { try #require($0.qualities.first?.paired?.difference.value) }
        #expect((differences[0] - 0.1).magnitude < 1e-9 && differences[1].magnitude < 1e-9)
        #expect(comparison.onlyInFirst == ["BM25, 9k"])
        #expect(comparison.onlyInSecond == ["dense, beam 5, 1k"])
        #expect(comparison.sentences.contains { $0.hasPrefix("dense, 1k: after finds 10.0") })
        #expect(comparison.sentences.contains("after lacks 1 cell: BM25, 9k."))
        #expect(comparison.pairs[0].latencyRatio == nil && comparison.pairs[0].bytesRatio == nil)
        let folder = try ReportTests.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let page = try comparison.write(to: folder.path)
        #expect(XMLParser(data: try Data(contentsOf: URL(filePath: page))).parse())
    }

    @Test func costsAreRatios() throws {
        let cells = SyntheticStudy(queries: 20, sizes: [100, 1000]).cells()
        let slower = cells.map { cell in
            var cell = cell
            for (threads, latency) in cell.latency {
                cell.latency[threads] = .init(milliseconds: latency.milliseconds.map { $0 * 2 })
            }
            cell.build.bytes = cell.build.bytes.mapValues { $0 * 3 }
            return cell
        }
        let comparison = StudyComparison(cells, slower, firstName: "a", secondName: "b")
        #expect(
            comparison.pairs.count == cells.count && comparison.onlyInFirst.isEmpty && comparison.onlyInSecond.isEmpty)
        for pair in comparison.pairs {
            let ratio = try #require(pair.latencyRatio)
            #expect((ratio.value - 2).magnitude < 1e-9 && ratio.low < 2 && ratio.high > 2)
            #expect(pair.bytesRatio == 3)
            #expect(pair.buildRatio == 1)
        }
        #expect(comparison.sentences.first?.hasPrefix("None of ") == true)
    }

    @Test func nothingInCommon() {
        let one = [ReportTests.cell("dense", 10, [:], [1])]
        let other = [ReportTests.cell("dense", 20, [:], [1])]
        let comparison = StudyComparison(one, other, firstName: "a", secondName: "b")
        #expect(comparison.pairs.isEmpty && comparison.onlyInFirst.count == 1 && comparison.onlyInSecond.count == 1)
        #expect(XMLParser(data: Data(comparison.html.utf8)).parse())
    }
}
