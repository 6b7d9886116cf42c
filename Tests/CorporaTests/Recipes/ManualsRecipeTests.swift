import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct ManualsRecipeTests {
    private let run: RecipeRun

    init() throws { run = try RecipeRun("manuals") }

    /// As many words, all of them different.
    private func words(_ count: Int, _ stem: String = "word") -> String {
        (0..<count).map { "\(stem)\($0)" }.joined(separator: " ")
    }

    private func write(_ text: String, _ name: String) throws {
        let path = URL(filePath: run.folder.path(name))
        try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: path)
    }

    /// As mandoc writes a page.
    private func manual(_ sections: String, name: String = "boil - make water &#x2018;hot&#x2019;") -> String {
        """
        <!DOCTYPE html>
        <html><!-- <p>not said</p> --><head><style>p { color: red }</style><title>BOIL(1)</title></head><body>
        <table class="head"><tr><td>BOIL(1)</td><td>General Commands</td></tr></table>
        <div class="manual-text"><section class="Sh"><h1 class="Sh">NAME</h1><p class="Pp">\(name)</p></section>
        \(sections)</div>
        <table class="foot"><tr><td>2022</td></tr></table></body></html>
        """
    }

    @Test("A manual page has its prose by sections, and entries of options whole") func manualPage() throws {
        try write(
            manual(
                """
                <section class="Sh"><h1>SYNOPSIS</h1><p>boil [options] \(words(40))</p><h2>In short</h2><p>\(words(40))</p></section>
                <section class="Sh"><h1>MORE OPTIONS</h1>
                <dl class="Bl-tag"><dt><a href="#q"><code>-q</code></a></dt><dt><code>--quiet</code></dt>
                <dd>Says nothing while <b>water</b>&nbsp;boils,<br/>and \(words(12)).</dd>
                <dt>&#x2022;</dt><dd>A point without a term.</dd></dl>
                <p>--vent PLACE...</p><div class="Bd-indent">Lets steam out.</div>
                <table class="tbl"><tr><td>heat</td><td>how hot</td></tr></table></section>
                <section class="Sh"><h1>SEE ALSO</h1><p>\(words(40))</p></section>
                """), "pages/boil.1.html")
        let report = try run.make(["pages"], questions: 1)
        #expect(report.passages == 1 && report.questions == 1)
        let passage = try #require(try run.passages().first)
        #expect(passage.id == "boil.1#1" && passage.title == "boil(1) - make water ‘hot’ | More options")
        #expect(
            passage.text
                == "-q, --quiet: Says nothing while water boils, and \(words(12)). A point without a term. "
                + "--vent PLACE...: Lets steam out. heat; how hot")
    }

    @Test("A page of a book is called by its place, without numbers and ways to its neighbours") func book() throws {
        try write(
            """
            <html><head><title>Chapter 9. Kettles</title></head><body><div class="navheader">Next <div>Prev</div></div>
            <h1>Chapter 9. Kettles</h1><p>\(words(30, "a"))</p><ul class="toc"><li>9.1. Spouts</li></ul>
            <h2>9.1. Spouts</h2><ul><li><p>\(words(25, "b"))</p></li><li>\(words(3, "c")) &lt;d&gt; &amp; 1 < 2</li></ul>
            <h2>Short</h2><p>too little</p></body></html>
            """, "pages/guide/ch09.html")
        let report = try run.make(["pages"])
        #expect(report.notes[0] == "1 pages have 2 passages; 1 sections of under 12 words are none")
        let passages = try run.passages()
        #expect(passages.map(\.id) == ["guide/ch09#1", "guide/ch09#2"])
        #expect(passages.map(\.title) == ["Kettles", "Kettles | Spouts"])
        #expect(passages.map(\.text) == [words(30, "a"), "\(words(25, "b")) \(words(3, "c")) <d> & 1 < 2"])
    }

    @Test("Passages keep paragraphs whole where they fit, and lose no word") func lengths() throws {
        var random = SeededGenerator(seed: 7)
        for round in 0..<30 {
            let paragraphs = (0..<Int.random(in: 1...9, using: &random)).map { number in
                let sentences = (0..<Int.random(in: 1...12, using: &random)).map {
                    words(Int.random(in: 1...40, using: &random), "p\(number)s\($0)w") + "."
                }
                return sentences.joined(separator: " ")
            }
            let body = paragraphs.map { "<p>\($0)</p>" }.joined(separator: "\n")
            try write("<h1>Lead</h1><p>\(words(12))</p><h1>Body</h1>\(body)", "pages/page.html")
            try run.make(["pages"])
            let texts = try run.passages().dropFirst().map(\.text)
            let all = paragraphs.joined(separator: " ")
            let count = all.split(separator: " ").count
            if count >= 12 { #expect(texts.joined(separator: " ") == all, "round \(round)") }
            for text in texts {
                #expect(text.split(separator: " ").count <= 180, "round \(round)")
                #expect(paragraphs.contains { text.hasPrefix($0.prefix(12)) } || count > 130)
            }
        }
        try write("<p>\(words(1_000))</p>", "pages/page.html")
        try run.make(["pages"])
        #expect(try run.passages().map { $0.text.split(separator: " ").count }.allSatisfy { 40...180 ~= $0 })
    }

    @Test("Judgements are found by page, heading and words, and those that are lost are told") func judgements() throws
    {
        try write(
            manual(
                "<h1>OPTIONS</h1><p>\(words(120, "a")) --wait x</p><p>\(words(125, "b")) --vent</p>"
                    + "<h1>FILES</h1><p>\(words(120, "c")) --vent</p>"), "pages/boil.1.html")
        try write(
            """
            id\tquestion\tpage\theading\twords
            q1\thow do I wait\tboil.1\tOptions\t--wait
            q1\t\tboil.1\tFiles\t--vent
            q2\twhere does steam go\tboil.1\tRenamed\t--vent
            q2\t\tgone.1\tOptions\t--vent
            q3\twho lost all\tboil.1\tOptions\t--lost
            """, "asked/questions.tsv")
        let report = try run.make(["pages", "asked"])
        #expect(report.questions == 2 && report.judgements == 3)
        #expect(try run.questions() == ["q1 how do I wait", "q2 where does steam go"])
        #expect(try run.judgements() == ["q1 boil.1#1 1", "q1 boil.1#3 1", "q2 boil.1#2 1"])
        #expect(
            report.notes.dropFirst() == [
                "2 judgements of 5 fit no passage: q2 gone.1 \"--vent\", q3 boil.1 \"--lost\"",
                "the words of 1 judgements stand in several passages; the first counts",
                "1 questions that no passage answers were left out",
            ])
        // The judged passages stay in a slice, and the same request gives the same bytes.
        let some = try run.make(["pages", "asked"], limit: 1, questions: 1)
        let corpus = try run.text("corpus.jsonl")
        #expect(some.questions <= 1 && some.passages == max(1, some.judgements))
        try run.make(["pages", "asked"], limit: 1, questions: 1)
        #expect(try run.text("corpus.jsonl") == corpus)
    }

    @Test("What cannot be made is told in a sentence") func errors() throws {
        try write(".TH BOIL 1", "roff/boil.1")
        #expect(
            run.complaint(["roff"]).hasSuffix("makes some of Debian packages, .deb files or folders of manual pages"))
        try write("<p>few words</p>", "thin/page.html")
        #expect(run.complaint(["thin"]) == "thin: no passages found")
        try write("<p>\(words(20))</p>", "pages/page.html")
        let faults = [
            "q1\twhat\tpage": "3 columns, expected 5 (id, question, page, heading, words)",
            "q1\t\tpage\tx\ty": "missing question, expected id, question, page, heading, words",
            "q1\twhat\tpage\tx\t": "missing words, expected id, question, page, heading, words",
            "q1\twhat\tp\tx\ty\nq1\twhere\tp\tx\ty": "q1 had another question before",
        ]
        for (text, fault) in faults {
            try write(text, "questions.tsv")
            let line = text.split(separator: "\n").count
            #expect(run.complaint(["pages", "questions.tsv"]) == "questions.tsv:\(line): \(fault)")
        }
    }

    @Test("HTML that breaks off anywhere is read to its end") func brokenHTML() throws {
        let page = Array(manual("<h1 class='x'>A</h1><script>1<2</script><p a=\"b>c\">\(words(60))</p><!-- x -->").utf8)
        try write("<p>\(words(20))</p>", "pages/other.html")
        let place = URL(filePath: run.folder.path("pages/boil.1.html"))
        for length in stride(from: 0, through: page.count, by: 7) {
            try Data(page[..<length]).write(to: place)
            #expect(try run.make(["pages"]).passages >= 1)
        }
        try Data(String(repeating: "<a \"<!", count: 40_000).utf8).write(to: place)
        #expect(try run.make(["pages"]).passages == 1)
    }
}
