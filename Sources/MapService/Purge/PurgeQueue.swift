/// The notices that wait for one receiver, in their order; never more than its limit, and none is lost.
///
/// When it is full, all that waits becomes one notice a map that says "everything": less exact, and still true. A map of which
/// everything is already waiting to be told needs no further notice.
struct PurgeQueue {
    let limit: Int
    private(set) var waiting: [PurgeNotice] = []
    /// Notices that went into one about everything.
    private(set) var absorbed = 0
    /// How often it was full.
    private(set) var overflows = 0

    /// - Parameter limit: at least 1; exceeded only by the number of maps.
    init(limit: Int) {
        precondition(limit > 0, "a queue holds a notice")
        self.limit = limit
    }

    mutating func append(_ notice: PurgeNotice) {
        if let place = waiting.firstIndex(where: { $0.map == notice.map && $0.subject == .everything(nil) }) {
            waiting[place].dataVersion = notice.dataVersion
            absorbed += 1
            return
        }
        if notice.subject == .everything(nil) {
            // What waits of the map is part of it.
            let before = waiting.count
            waiting.removeAll { $0.map == notice.map }
            absorbed += before - waiting.count
        }
        waiting.append(notice)
        if waiting.count > limit { collapse() }
    }

    mutating func popFirst() -> PurgeNotice? { waiting.isEmpty ? nil : waiting.removeFirst() }

    /// One for each map, in the order of their first ones, with the version of the last.
    private mutating func collapse() {
        overflows += 1
        var whole: [PurgeNotice] = []
        for notice in waiting {
            if let place = whole.firstIndex(where: { $0.map == notice.map }) {
                whole[place].dataVersion = notice.dataVersion
            } else {
                whole.append(
                    PurgeNotice(map: notice.map, subject: .everything(nil), reason: .overflow, dataVersion: notice.dataVersion))
            }
        }
        absorbed += waiting.count - whole.count
        waiting = whole
    }
}
