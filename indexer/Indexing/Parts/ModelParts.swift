import Engine

extension GeneratorPart: InstallablePart {
    public static func summary(of description: Description) -> String {
        "a generator of \(description.layers) layers for \(description.tasks.joined(separator: ", "))"
            + (description.interacts == true ? ", with a late-interaction head" : "")
    }
}

extension QueryEncoderPart: InstallablePart {
    public static func summary(of description: Description) -> String { "queries by a trained encoder" }
}
