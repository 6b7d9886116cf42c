import Foundation

/// The part of the machine's cores that other programs take.
enum MachineLoad {
    /// Watches for a third of a second in which this process rests: 0 to 1, and 0 where the system does not tell.
    static func foreignShare() -> Double {
        guard let before = ticks() else { return 0 }
        let own = ProcessCosts.cpuSeconds
        usleep(333_000)
        guard let after = ticks(), after.all > before.all else { return 0 }
        let rate = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))
        let busy = Double(after.busy - before.busy) / rate - (ProcessCosts.cpuSeconds - own)
        return min(1, max(0, busy / (Double(after.all - before.all) / rate)))
    }

    /// Ticks of all cores since the start: busy ones, and all.
    private static func ticks() -> (busy: Int, all: Int)? {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let line = text.split(separator: "\n").first, line.hasPrefix("cpu ")
        else { return nil }
        // user nice system idle iowait irq softirq steal; what follows is part of user.
        let numbers = line.split(separator: " ").dropFirst().prefix(8).compactMap { Int($0) }
        guard numbers.count >= 5 else { return nil }
        let all = numbers.reduce(0, +)
        return (all - numbers[3] - numbers[4], all)
    }
}
