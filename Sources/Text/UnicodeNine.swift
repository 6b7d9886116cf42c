/// Properties as of Unicode 9.0, the version of the reference's normalisation forms.
enum UnicodeNine {
    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: isAssigned(scalar)
        default: false
        }
    }

    static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        isAssigned(scalar) ? scalar.properties.canonicalCombiningClass.rawValue : 0
    }

    static func isAssigned(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.properties.age?.major ?? .max) <= 9
    }
}
