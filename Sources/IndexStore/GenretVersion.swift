/// The version of this genret, which it writes into indexes; `docs/versioning.md` says what its numbers promise.
public enum GenretVersion {
    public static let current = "0.2.0-dev"
}
