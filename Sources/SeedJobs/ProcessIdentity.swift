import FoundationEssentials
import Glibc

/// One process of one run of one machine, told apart from a later one with the same number by when it started.
public struct ProcessIdentity: Hashable, Sendable {
    /// The kernel's number.
    public var number: Int32
    /// Clock ticks from the machine's start to the process's.
    public var startTicks: UInt64
    /// The kernel's name for this run of the machine.
    public var boot: String

    public init(number: Int32, startTicks: UInt64, boot: String) {
        self.number = number
        self.startTicks = startTicks
        self.boot = boot
    }

    /// This process.
    ///
    /// - Precondition: the kernel tells about processes under /proc.
    public static let current: ProcessIdentity = {
        let number = getpid()
        guard let start = startTicks(of: number) else { preconditionFailure("/proc does not know this process") }
        return ProcessIdentity(number: number, startTicks: start, boot: currentBoot)
    }()

    private static let currentBoot: String = {
        let text = FileManager.default.contents(atPath: "/proc/sys/kernel/random/boot_id").map { String(decoding: $0, as: UTF8.self) }
        return text?.split(separator: "\n").first.map(String.init) ?? "unknown"
    }()

    /// As the journal keeps it: `boot/number/ticks`.
    public var text: String { "\(boot)/\(number)/\(startTicks)" }

    public init?(text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3, let number = Int32(parts[1]), let start = UInt64(parts[2]) else { return nil }
        self.init(number: number, startTicks: start, boot: String(parts[0]))
    }

    /// Whether it still runs. No clock is asked, so none can deceive.
    public var isAlive: Bool { boot == Self.currentBoot && Self.startTicks(of: number) == startTicks }

    /// `nil` for a process that there is not, or of which only the exit status is left.
    private static func startTicks(of number: Int32) -> UInt64? {
        guard let bytes = FileManager.default.contents(atPath: "/proc/\(number)/stat") else { return nil }
        // The name in parentheses may hold anything; the state follows it, and twenty fields on the start (proc(5)).
        let text = String(decoding: bytes, as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
        return UInt64(fields[19])
    }
}
