/// The version of this genret.
public enum GenretVersion {
    public static let current = "0.1.0"
}
