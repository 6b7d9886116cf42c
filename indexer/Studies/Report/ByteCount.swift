import Charts

/// Bytes in the decimal units that disks are sold in.
enum ByteCount {
    static func text(_ bytes: Double) -> String {
        for (size, name) in [(1e12, "TB"), (1e9, "GB"), (1e6, "MB"), (1e3, "kB")] where bytes.magnitude >= size * 0.9995
        {
            return ChartNumber.significant(bytes / size, 3) + "\u{00A0}" + name
        }
        return ChartNumber.significant(bytes, 3) + "\u{00A0}B"
    }
}
