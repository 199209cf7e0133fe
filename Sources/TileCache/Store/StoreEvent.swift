public import Wording

/// What a store tells the log.
public enum StoreEvent: Sendable {
    /// Its file was damaged; it lies under `path` now, and an empty one is in its place.
    case setAside(path: String, reason: String)
    /// Another program, other fonts or other rules had made its tiles; it was emptied.
    case emptied
    /// Another process writes to it; this one reads.
    case reading
    /// The other process has ended; this one writes now.
    case tookOver
    /// Nothing can be written; tiles go on being made and served.
    case writesFail(String)
    case writesAgain

    public var message: LocalisedText {
        switch self {
        case .setAside(let path, let reason):
            .init(
                zh: "瓦片库已损坏（\(reason)），已移至 \(path) 并重新建立；该文件可以删除",
                en: "the tile store was damaged (\(reason)); it was moved to \(path) and made anew. That file may be deleted")
        case .emptied:
            .init(
                zh: "瓦片库由另一版本的程序、字体或规则生成，已清空",
                en: "the tile store was filled by another version of the program, its fonts or its rules, and was emptied")
        case .reading:
            .init(
                zh: "另一进程正在写入瓦片库；本进程只读，待其结束后接替",
                en: "another process writes to the tile store; this one reads, and takes over when the other has ended")
        case .tookOver: .init(zh: "本进程现在写入瓦片库", en: "this process writes to the tile store now")
        case .writesFail(let reason):
            .init(
                zh: "瓦片库无法写入（\(reason)）；服务继续，瓦片暂不入库；请检查磁盘余量",
                en: "the tile store cannot be written to (\(reason)); tiles are served and not stored meanwhile. Check the room on the disk")
        case .writesAgain: .init(zh: "瓦片库恢复写入", en: "the tile store is written to again")
        }
    }

    /// Whether an operator has to do something.
    public var isFault: Bool {
        switch self {
        case .setAside, .writesFail: true
        case .emptied, .reading, .tookOver, .writesAgain: false
        }
    }
}
