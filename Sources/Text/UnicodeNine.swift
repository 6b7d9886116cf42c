/// Properties as of Unicode 9.0, the version of the reference's normalisation forms.
enum UnicodeNine {
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        // Three scalars have changed their category since.
        if scalar.value == 0x1CF2 || scalar.value == 0x1CF3 { return true }
        if scalar.value == 0x111C9 { return false }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return isAssigned(scalar)
        default: return false
        }
    }

    static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        isAssigned(scalar) ? scalar.properties.canonicalCombiningClass.rawValue : 0
    }

    static func isAssigned(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.properties.age?.major ?? .max) <= 9
    }
}
