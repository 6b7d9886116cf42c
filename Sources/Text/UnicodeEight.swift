/// General categories as of Unicode 8.0.
///
/// The reference implementation of the BERT normaliser carries category tables of that version;
/// scalars assigned later are neither marks nor punctuation to it. The few scalars whose category
/// has changed since are listed.
enum UnicodeEight {
    static func isNonspacingMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1734, 0x1171E: true
        case 0x1885, 0x1886, 0xA9BD, 0x111C9: false
        default: scalar.properties.generalCategory == .nonspacingMark && isAssigned(scalar)
        }
    }

    static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            isAssigned(scalar)
        default:
            scalar.value == 0x166D || scalar.value == 0x111C9
        }
    }

    /// Control, format and private-use characters; unassigned ones are not among them.
    static func isOther(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control: true
        case .format, .privateUse: isAssigned(scalar)
        default: false
        }
    }

    private static func isAssigned(_ scalar: Unicode.Scalar) -> Bool {
        (scalar.properties.age?.major ?? .max) <= 8
    }
}
