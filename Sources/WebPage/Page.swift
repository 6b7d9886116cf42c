import Foundation
import Storage

/// The page to search with: one file, inside the program.
public enum Page {
    public static let bytes: [UInt8] = PackageResources.page_html

    /// What the page may do: run its own script, wear its own style, and ask where it came from; nothing else.
    public static let policy = [
        "default-src 'none'", "script-src '\(digest(of: "script"))'", "style-src '\(digest(of: "style"))'",
        "connect-src 'self'", "img-src data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// The digest of what the only element of a name holds, as Content-Security-Policy names it.
    private static func digest(of element: String) -> String {
        let page = Data(bytes)
        guard let start = page.range(of: Data("<\(element)>".utf8)),
            let end = page.range(of: Data("</\(element)>".utf8), in: start.upperBound..<page.count)
        else { return "sha256-" }
        var hash = SHA256()
        hash.update([UInt8](page[start.upperBound..<end.lowerBound]))
        return "sha256-" + Data(hash.digest()).base64EncodedString()
    }
}
