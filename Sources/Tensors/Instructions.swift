import CKernels

/// What this machine's products and kernels run with.
package enum Instructions {
    /// The widest instructions that the kernels have a body for and the CPU has.
    package static var ofKernels: String { String(cString: ck_instructions()) }

    /// The library that single-precision products go to where the kernels have no body for the CPU: its own words, or
    /// why there is none; nil where the kernels do them.
    package static var library: String? {
        guard ck_tensor_is_wide() == 0 else { return nil }
        #if canImport(Accelerate)
        return "Accelerate"
        #else
        return SystemBLAS.description
        #endif
    }
}
