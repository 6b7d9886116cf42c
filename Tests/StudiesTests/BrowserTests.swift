import Foundation
import Studies
import Testing

/// A page in a real browser, where one is found: no label lies over another, at two widths.
@Suite struct BrowserTests {
    /// `GENRET_CHROMIUM`, or one on the path, or playwright's.
    private static let chromium: String? = {
        let environment = ProcessInfo.processInfo.environment
        var places = environment["GENRET_CHROMIUM"].map { [$0] } ?? []
        for folder in (environment["PATH"] ?? "").split(separator: ":") {
            places += ["chromium", "chromium-browser", "google-chrome", "headless_shell"].map { "\(folder)/\($0)" }
        }
        let cache = (environment["HOME"] ?? "") + "/.cache/ms-playwright"
        for build in ((try? FileManager.default.contentsOfDirectory(atPath: cache)) ?? []).sorted() {
            places += ["chrome-linux/headless_shell", "chrome-linux/chrome"].map { "\(cache)/\(build)/\($0)" }
        }
        return places.first { FileManager.default.isExecutableFile(atPath: $0) }
    }()

    /// Measures every label and writes what overlaps or is too small into the page.
    private static let probe = """
        <script>
        addEventListener('load', () => {
          const bad = [];
          if (document.documentElement.scrollWidth > innerWidth) bad.push('the page is wider than the window');
          let count = 0;
          for (const svg of document.querySelectorAll('svg.chart')) {
            const own = svg.getBoundingClientRect();
            const labels = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
            count += labels.length;
            labels.forEach(([text, a], i) => {
              if (a.left < own.left - 1 || a.right > own.right + 1) bad.push(text + ' leaves its drawing');
              if (a.height < 10) bad.push(text + ' is ' + a.height + ' pixels high');
              for (const [other, b] of labels.slice(0, i)) {
                const w = Math.min(a.right, b.right) - Math.max(a.left, b.left);
                const h = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
                if (w > 1 && h > 4) bad.push(text + ' over ' + other);
              }
            });
          }
          document.title = 'labels ' + count + '; ' + (bad.length ? bad.join('; ') : 'fine');
        });
        </script>
        """

    /// Studies that are hard to draw: usual ones, nine retrievers with long names and almost the same values, one size.
    private static let studies: [String: [StudyCell]] = [
        "usual": ReportTests.small,
        "crowded": (0..<9).flatMap { index in
            let name = index % 2 == 0 ? "r\(index)" : "a retriever with a rather long name \(index)"
            return [1000, 20_000, 3_000_000].enumerated().map { place, size in
                var cell = ReportTests.cell(
                    name, size, [:], ReportTests.values(0.6 - 0.1 * Double(place) + 0.002 * Double(index), 50))
                cell.latency["1"] = .init(
                    milliseconds: [1, 1.5, 2 + 0.01 * Double(index), 9].map { $0 * Double(place + 1) })
                cell.build.bytes = ["passages": 100 * size, "a component with a long name": 7 * size, "x": size / 9]
                cell.build.stages = (0..<12).map { .init("stage \($0)", wall: Double(size * ($0 + 1)) / 1e5, cpu: 1) }
                return cell
            }
        },
        "learnt": LearntStudy.cells, "growing": LearntStudy.growing,
        "one size": ReportTests.small.filter { $0.sample.size == 30_000 },
    ]

    @Test(
        .enabled(if: chromium != nil, "no chromium here"), arguments: [375, 1200],
        ["usual", "crowded", "one size", "learnt", "growing"])
    func labelsDoNotOverlap(_ width: Int, _ study: String) throws {
        let chromium = try #require(Self.chromium)
        let folder = try ReportTests.temporary()
        defer { try? FileManager.default.removeItem(at: folder) }
        let html = StudyReport(cells: try #require(Self.studies[study])).html
            .replacingOccurrences(of: "</body>", with: Self.probe + "</body>")
        if let kept = ProcessInfo.processInfo.environment["GENRET_KEEP_REPORTS"] {
            try Data(html.utf8).write(to: URL(filePath: kept).appending(path: study + ".html"))
        }
        let page = folder.appending(path: "page.html")
        try Data(html.utf8).write(to: page)
        let process = Process()
        process.executableURL = URL(filePath: chromium)
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--window-size=\(width),900", "--virtual-time-budget=4000",
            "--user-data-dir=\(folder.path)/profile", "--dump-dom", page.absoluteString,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        let title = try #require(text.firstMatch(of: /<title>labels (\d+); ([^<]*)<\/title>/))
        #expect(try #require(Int(title.1)) > 60)
        #expect(title.2 == "fine")
    }
}
