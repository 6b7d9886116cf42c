import Evaluation
import Foundation
import Studies
import Testing

#if canImport(FoundationXML)
import FoundationXML
#endif

@Suite struct ReportTests {
    static func temporary() throws -> URL {
        let folder = URL(filePath: NSTemporaryDirectory()).appending(path: "study-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    static let small = SyntheticStudy(queries: 40, sizes: [1000, 10_000, 30_000, 100_000]).cells()

    @Test func bytesAreTheGoldenOnes() throws {
        let folder = try Self.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        // The order of cells says nothing.
        let cells = SyntheticStudy(queries: 25, sizes: [1000, 30_000]).cells().filter { cell in
            !["ngram", "merge"].contains(cell.options.retriever)
        }
        let page = try StudyReport(cells: cells.reversed()).write(to: folder.path)
        #expect(page == folder.path + "/report.html")
        try GoldenFile.expect(Data(contentsOf: folder.appending(path: "report.html")), is: "report.html")
        for name in ["quality.csv", "quality.vl.json", "cost-1.svg"] {
            try GoldenFile.expect(Data(contentsOf: folder.appending(path: "figures/" + name)), is: name)
        }
    }

    @Test func learntAndGrowingBytesAreTheGoldenOnes() throws {
        for (name, cells) in [("learnt", LearntStudy.cells), ("growing", LearntStudy.growing)] {
            let report = StudyReport(cells: cells.reversed())
            try GoldenFile.expect(Data(report.html.utf8), is: name + ".html")
            #expect(XMLParser(data: Data(report.html.utf8)).parse())
        }
        #expect(StudyReport(cells: LearntStudy.cells).figureNames.prefix(3) == ["trained", "training", "quality"])
        #expect(StudyReport(cells: LearntStudy.growing).figureNames.first == "growth")
    }

    @Test func pageStandsAlone() throws {
        let report = StudyReport(cells: Self.small, title: "A <study> & its \"cells\"")
        #expect(
            report.figureNames == [
                "quality", "difference", "rank", "recall-of-exact", "latency", "bytes", "build", "cost", "options",
            ])
        let html = report.html
        // No network, no script.
        for word in ["<script", "http://", "https://", "src=", "@import", "url("] {
            #expect(!html.contains(word), "\(word)")
        }
        #expect(XMLParser(data: Data(html.utf8)).parse())
        #expect(html.contains("A &lt;study&gt; &amp; its &quot;cells&quot;"))
        #expect(html.contains("not extrapolated: needs ranks below 1"))
    }

    @Test func filesBesideThePageAreRead() throws {
        let folder = try Self.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let report = StudyReport(cells: Self.small)
        try report.write(to: folder.path + "/new/place/")
        for name in report.figureNames {
            let base = folder.path + "/new/place/figures/" + name
            let csv = try String(contentsOfFile: base + ".csv", encoding: .utf8)
            let lines = csv.split(separator: "\r\n")
            #expect(lines.count > 1)
            let json = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: base + ".vl.json")))
            let members = try #require(json as? [String: Any])
            #expect(members["$schema"] as? String == "https://vega.github.io/schema/vega-lite/v5.json")
            let values = try #require((members["data"] as? [String: Any])?["values"] as? [[String: Any]])
            #expect(values.count == lines.count - 1)
            // Every field that the specification names is one of the data.
            let text = try String(contentsOfFile: base + ".vl.json", encoding: .utf8)
            let columns = Set(lines[0].split(separator: ",").map(String.init))
            for match in text.matches(of: /"field":"([^"]+)"/) {
                #expect(columns.contains(String(match.1)), "\(match.1)")
            }
            #expect(XMLParser(data: try Data(contentsOf: URL(filePath: base + "-1.svg"))).parse())
        }
    }

    @Test func nothingOfAnOlderReportStays() throws {
        let folder = try Self.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        try StudyReport(cells: Self.small).write(to: folder.path)
        try Data().write(to: folder.appending(path: "figures/quality-mine.svg"))
        let report = StudyReport(cells: [Self.cell("dense", 10, [:], [0, 1])])
        try report.write(to: folder.path)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/figures").sorted()
        #expect(files == ["quality-1.svg", "quality-mine.svg", "quality.csv", "quality.vl.json"])
        #expect(report.figureNames == ["quality"])
    }

    @Test func whatIsAbsentIsSaid() {
        let bare = StudyReport(cells: [StudyCell(key: "k", sample: .init(size: 10), options: .init("dense"))])
        #expect(bare.figureNames == [])
        #expect(bare.sentences == [])
        #expect(bare.html.components(separatedBy: "The figure is left out.").count == 10)
        #expect(XMLParser(data: Data(bare.html.utf8)).parse())
        #expect(XMLParser(data: Data(StudyReport(cells: []).html.utf8)).parse())
        // Any part may be absent.
        for drop in 0..<6 {
            let cells = Self.small.prefix(7).map { cell in
                var cell = cell
                switch drop {
                case 0: cell.quality = [:]
                case 1: cell.ranks = nil
                case 2: cell.latency = [:]
                case 3: cell.build = .init()
                case 4: cell.quality = cell.quality.mapValues { .init(mean: $0.mean) }
                default:
                    cell.queries = []
                    cell.quality = ["ndcg": .init(mean: 0.5)]
                    (cell.ranks, cell.recallOfExact) = (nil, [:])
                }
                return cell
            }
            #expect(XMLParser(data: Data(StudyReport(cells: Array(cells)).html.utf8)).parse(), "without part \(drop)")
        }
    }

    /// Cells whose values are given outright.
    static func cell(
        _ retriever: String, _ size: Int, _ options: [String: String] = [:], _ values: [Double],
        sample: (inout StudyCell.Sample) -> Void = { _ in }
    ) -> StudyCell {
        var place = StudyCell.Sample(size: size)
        sample(&place)
        var cell = StudyCell(
            key: "\(retriever)\(size)\(options)\(place.replicate)\(place.distractors)", sample: place,
            options: .init(retriever, options))
        cell.queries = values.indices.map { "q\($0)" }
        cell.quality["nDCG@10"] = .init(values: values)
        return cell
    }

    static func values(_ mean: Double, _ count: Int = 200) -> [Double] {
        (0..<count).map { min(1, max(0, mean + 0.05 * (Double($0 * 37 % 11) / 5 - 1))) }
    }

    @Test func crossingsAreFound() {
        let cells = [
            Self.cell("dense", 1000, [:], Self.values(0.9)), Self.cell("bm25", 1000, [:], Self.values(0.8)),
            Self.cell("dense", 10_000, [:], Self.values(0.7)), Self.cell("bm25", 10_000, [:], Self.values(0.7)),
            Self.cell("dense", 100_000, [:], Self.values(0.5)), Self.cell("bm25", 100_000, [:], Self.values(0.6)),
        ]
        let sentences = StudyReport(cells: cells).sentences
        #expect(sentences.contains("Dense falls below BM25 between 1k and 100k passages."), "\(sentences)")
        #expect(
            sentences.contains {
                $0.hasPrefix("At 100k passages BM25 finds 10.0") && $0.hasSuffix("more than dense (nDCG@10).")
            })
        #expect(sentences.contains { $0.hasPrefix("From 1k to 100k passages dense loses 40.0") })
    }

    @Test func nothingIsSaidThatIntervalsDoNotSupport() {
        let noise = (0..<20).map { Double($0 * 7 % 20) / 20 }
        let other = (0..<20).map { Double(($0 * 13 + 4) % 20) / 20 }
        let cells = [Self.cell("dense", 1000, [:], noise), Self.cell("bm25", 1000, [:], other)]
        let sentences = StudyReport(cells: cells).sentences
        #expect(
            sentences == ["At 1k passages no retriever is ahead of the others by more than the intervals (nDCG@10)."])
    }

    @Test func warningsAreGiven() {
        var loaded = Self.cell("dense", 1000, [:], Self.values(0.5), sample: { $0.judged = 600 })
        loaded.machine.loadAfter = 0.3
        loaded.latency["1"] = .init(milliseconds: [1, 2, 3])
        let report = StudyReport(cells: [loaded])
        #expect(
            report.sentences.contains { $0.hasPrefix("More than half of the passages are judged in samples of 1k") })
        #expect(report.sentences.contains { $0.hasPrefix("1 of 1 cells ran while other programs") })
        #expect(report.html.contains("class=\"open\""))
    }

    @Test func pooledDistractorsAreAnotherLine() {
        let cells = [100, 1000].flatMap { size in
            [
                Self.cell("dense", size, [:], Self.values(0.5)),
                Self.cell("dense", size, [:], Self.values(0.4), sample: { $0.distractors = "pooled:1000" }),
            ]
        }
        let html = StudyReport(cells: cells).html
        #expect(html.contains(">dense, random<") && html.contains(">dense, pooled:1000<"))
    }

    @Test func replicatesMakeIntervalsWider() throws {
        let one = [Self.cell("dense", 1000, [:], Self.values(0.5))]
        let three = (0..<3).map { replicate in
            Self.cell(
                "dense", 1000, [:], Self.values(0.45 + 0.05 * Double(replicate)),
                sample: {
                    $0.replicate = replicate
                    $0.seed = UInt64(replicate)
                })
        }
        func width(_ cells: [StudyCell]) throws -> Double {
            let html = StudyReport(cells: cells).html
            let match = try #require(
                html.firstMatch(of: /<td class="n">(0\.\d+)<\/td><td class="n">(0\.\d+)<\/td><td>measured/))
            return try #require(Double(match.2)) - #require(Double(match.1))
        }
        #expect(try width(three) > width(one) * 3)
    }
}
