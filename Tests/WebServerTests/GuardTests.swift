import Testing
import WebServer

@Suite("Who may come in") struct GuardTests {
    @Test("A token is known by its digest alone, in its scopes") func tokens() throws {
        let (token, line) = AccessTokens.new("reader", scopes: [.search, .metrics])
        #expect(!line.contains(token) && token.utf8.count == 43)
        let tokens = try AccessTokens(file: "# people\n\n\(line)\n")
        let entry = try #require(tokens.entry(for: token))
        #expect(entry.name == "reader" && entry.scopes == [.search, .metrics])
        for wrong in ["", token.uppercased(), String(token.dropLast()), token + "x", "reader"] {
            #expect(tokens.entry(for: wrong) == nil)
        }
        #expect(AccessTokens.new("a", scopes: [.search]).token != AccessTokens.new("a", scopes: [.search]).token)
    }

    @Test("A line that is no token is named") func badLines() {
        let digest = String(repeating: "ab", count: 32)
        let cases = [
            "x", "x:md5:\(digest):search", "x:sha256:abc:search", "x:sha256:\(digest):", "x:sha256:\(digest):all",
            ":sha256:\(digest):search", "x:sha256:\(digest.dropLast())g:search",
            "x:sha256:\(digest):search\nx:sha256:\(digest):admin",
        ]
        for text in cases {
            #expect(throws: AccessTokens.BadLine.self, "\(text)") { try AccessTokens(file: text) }
        }
        do throws(AccessTokens.BadLine) { _ = try AccessTokens(file: "# fine\nx") } catch {
            #expect(error.line == 2)
        }
    }

    @Test("Bytes are equal where all of them are") func equality() {
        #expect(AccessTokens.areEqual([1, 2, 3], [1, 2, 3]) && AccessTokens.areEqual([], []))
        for other in [[1, 2], [1, 2, 4], [0, 2, 3], [1, 2, 3, 4]] as [[UInt8]] {
            #expect(!AccessTokens.areEqual([1, 2, 3], other))
        }
    }

    @Test("A token may ask twice its rate at once, and then at its rate") func rates() {
        let limiter = RateLimiter(rate: 5)
        let start = ContinuousClock.now
        for _ in 0..<10 { #expect(limiter.wait(for: "a", now: start) == nil) }
        let wait = limiter.wait(for: "a", now: start)
        #expect(abs((wait ?? 0) - 0.2) < 1e-9)
        #expect(limiter.wait(for: "b", now: start) == nil)
        #expect(limiter.wait(for: "a", now: start + .milliseconds(200)) == nil)
        #expect(limiter.wait(for: "a", now: start + .milliseconds(201)) != nil)
        var passed = 0
        for tenth in 1...100 where limiter.wait(for: "a", now: start + .milliseconds(1000 + 100 * tenth)) == nil {
            passed += 1
        }
        #expect((48...56).contains(passed))
    }

    @Test("Nothing that a client sends begins a line of the log") func logs() {
        #expect(LineLogHandler.escaped("a\nb\u{1B}[0m\u{2028}\u{202E}ä") == "a\\u{a}b\\u{1b}[0m\\u{2028}\\u{202e}ä")
        #expect(LineLogHandler.escaped("plain ä") == "plain ä")
    }
}
