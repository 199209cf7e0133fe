/// Numbers of which the greatest, and of equal ones the first, is known at any time.
struct Tournament {
    private let room: Int
    private var values: [Double]
    /// A tree in rows from the root, 1, on: who wins below each node; the numbers themselves are below the last row.
    private var winners: [Int]

    /// All of them are 0 at first.
    init(room: Int) {
        self.room = room
        values = [Double](repeating: 0, count: room)
        winners = [Int](repeating: 0, count: room)
        for node in stride(from: room - 1, through: 1, by: -1) { winners[node] = better(contestant(2 * node), contestant(2 * node + 1)) }
    }

    var winner: Int { room > 1 ? winners[1] : 0 }

    subscript(index: Int) -> Double { values[index] }

    mutating func set(_ index: Int, _ value: Double) {
        values[index] = value
        var node = (index + room) / 2
        while node >= 1 {
            winners[node] = better(contestant(2 * node), contestant(2 * node + 1))
            node /= 2
        }
    }

    private func contestant(_ node: Int) -> Int { node >= room ? node - room : winners[node] }

    private func better(_ a: Int, _ b: Int) -> Int {
        values[a] > values[b] || values[a] == values[b] && a < b ? a : b
    }
}
