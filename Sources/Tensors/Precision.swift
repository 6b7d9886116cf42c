import CKernels
import Memory

extension Precision {
    /// The instructions that int8 products use on this machine.
    public static var int8Instructions: String { String(cString: ck_int8_instructions()) }
}
