import CHarfBuzz

/// A stretch of text of one face, one script and one direction.
struct TextSegment {
    var scalars: Range<Int>
    var face: Int
    var script: hb_script_t
    /// Even: left to right, odd: right to left, as in the bidirectional algorithm.
    var level: Int
}

extension TextSegment {
    /// Cuts a line into segments in logical order.
    ///
    /// Characters of no script of their own (digits, punctuation, spaces) follow the character before them, the leading ones the character after.
    /// - Parameters:
    ///   - faces: the face of each scalar.
    ///   - levels: the level of each scalar; `nil` where all runs from left to right.
    static func segments(of text: [UInt32], faces: [Int], levels: [Int8]?) -> [TextSegment] {
        let scripts = scripts(of: text)
        var segments: [TextSegment] = []
        for index in text.indices {
            let level = levels.map { Int($0[index]) } ?? 0
            if let last = segments.last, last.face == faces[index], last.script == scripts[index], last.level == level {
                segments[segments.count - 1].scalars = last.scalars.lowerBound..<(index + 1)
            } else {
                segments.append(TextSegment(scalars: index..<(index + 1), face: faces[index], script: scripts[index], level: level))
            }
        }
        return segments
    }

    /// Puts segments into the order they stand on the line (rule L2 of the bidirectional algorithm).
    static func reorder(_ segments: inout [TextSegment]) {
        guard var level = segments.map(\.level).max(), level > 0 else { return }
        while level > 0 {
            var start = 0
            while start < segments.count {
                var end = start
                while end < segments.count, segments[end].level >= level { end += 1 }
                if end > start { segments[start..<end].reverse() }
                start = end + 1
            }
            level -= 1
        }
    }

    private static func scripts(of text: [UInt32]) -> [hb_script_t] {
        let functions = unsafe hb_unicode_funcs_get_default()
        var scripts: [hb_script_t] = []
        scripts.reserveCapacity(text.count)
        var current = HB_SCRIPT_COMMON
        for scalar in text {
            let script = unsafe hb_unicode_script(functions, scalar)
            if script != HB_SCRIPT_COMMON, script != HB_SCRIPT_INHERITED, script != HB_SCRIPT_UNKNOWN {
                if current == HB_SCRIPT_COMMON { for index in scripts.indices { scripts[index] = script } }
                current = script
            }
            scripts.append(current)
        }
        return scripts
    }
}
