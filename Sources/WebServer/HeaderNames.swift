import HTTPTypes

/// Names of headers that HTTPTypes does not know.
extension HTTPField.Name {
    static let prefer = named("Prefer")
    static let requestID = named("X-Request-ID")
    static let apiKey = named("X-API-Key")
    static let referrerPolicy = named("Referrer-Policy")
    static let genretModel = named("X-Genret-Model")
    static let frameOptions = named("X-Frame-Options")

    /// All of these are tokens of RFC 9110, so that there is no other case.
    static func named(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no header's name") }
        return name
    }
}
