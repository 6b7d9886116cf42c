/// How an index stores its vectors.
public enum VectorProfile: String, Codable, Sendable, CaseIterable {
    /// A bit and a byte a component, in the order of the docid tree: 450 bytes of 384 components, found by their bits and
    /// compared by their bytes.
    case int8
    /// A bit and half a byte a component: 260 bytes of 384 components. The order among near passages is less exact.
    case int4
    /// Single precision, scanned exactly: 1,536 bytes of 384 components, and the docid tree beside.
    case float32
}
