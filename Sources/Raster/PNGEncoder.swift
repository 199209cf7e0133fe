/// Writes pixmaps as PNG: the same pixels and options always give the same bytes.
///
/// Rows are not filtered, which suits the flat areas of maps. Alpha is written only where some pixel is not opaque. A
/// palette takes 1, 2, 4 or 8 bits a pixel.
public enum PNGEncoder {
    /// The whole picture.
    public static func encode(_ pixmap: Pixmap, options: PNGOptions = .quick) -> [UInt8] {
        encode(pixmap, x: 0, y: 0, width: pixmap.width, height: pixmap.height, options: options)
    }

    /// The part under a rectangle, which must lie inside and not be empty; nothing is copied out first.
    public static func encode(
        _ pixmap: Pixmap, x: Int, y: Int, width: Int, height: Int, options: PNGOptions = .quick
    ) -> [UInt8] {
        var workspace = PNGWorkspace()
        return encode(pixmap, x: x, y: y, width: width, height: height, options: options, workspace: &workspace)
    }

    /// The same in memory that is kept for the next picture.
    public static func encode(
        _ pixmap: Pixmap, x: Int, y: Int, width: Int, height: Int, options: PNGOptions, workspace: inout PNGWorkspace
    ) -> [UInt8] {
        encode(pixmap.pixels, stride: pixmap.width, rows: pixmap.height, x, y, width, height, options, &workspace)
    }

    /// A rectangle of a canvas as painted so far; the rectangle must lie inside and not be empty.
    public static func encode(
        _ canvas: borrowing Canvas, x: Int, y: Int, width: Int, height: Int, options: PNGOptions = .quick
    ) -> [UInt8] {
        var workspace = PNGWorkspace()
        return encode(canvas.pixels, stride: canvas.width, rows: canvas.height, x, y, width, height, options, &workspace)
    }

    private static func encode(
        _ pixels: [UInt32], stride: Int, rows: Int, _ x: Int, _ y: Int, _ width: Int, _ height: Int,
        _ options: PNGOptions, _ workspace: inout PNGWorkspace
    ) -> [UInt8] {
        precondition(
            x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= stride && y + height <= rows,
            "a PNG's rectangle lies inside its picture and is not empty")
        return unsafe pixels.withUnsafeBufferPointer { words in
            guard let base = words.baseAddress else { return [] }
            let window = unsafe PixelWindow(base: base + (y * stride + x), stride: stride, width: width, height: height)
            return encode(window, options, &workspace)
        }
    }

    private static func encode(
        _ window: PixelWindow, _ options: PNGOptions, _ workspace: inout PNGWorkspace
    ) -> [UInt8] {
        if options.palette == .truecolour { return encodeTruecolour(window, options, &workspace) }
        let limit = options.palette == .exactElseTruecolour ? 256 : Int.max
        guard let census = ColourCensus(window, limit: limit) else {
            return encodeTruecolour(window, options, &workspace)
        }
        var palette = census.words
        var assignment: [UInt8]
        if palette.count <= 256 {
            assignment = palette.indices.map { UInt8($0) }
        } else {
            let cut = MedianCut(words: census.words, counts: census.counts, limit: 256)
            palette = cut.palette
            assignment = cut.assignment
        }
        putTransparentFirst(&palette, &assignment)
        let header = PNGHeader(
            width: window.width, height: window.height, depth: depth(forColours: palette.count), colourType: .palette)
        pack(census.runs, assignment, header, &workspace)
        return PNGFile.write(header, palette: palette, level: options.level, workspace: &workspace)
    }

    /// The tRNS chunk ends with the last entry that is not opaque.
    private static func putTransparentFirst(_ palette: inout [UInt32], _ assignment: inout [UInt8]) {
        let opaque = palette.indices.filter { palette[$0] >= 0xFF00_0000 }
        guard opaque.count < palette.count, !opaque.isEmpty else { return }
        let order = palette.indices.filter { palette[$0] < 0xFF00_0000 } + opaque
        var place = [UInt8](repeating: 0, count: palette.count)
        for (new, old) in order.enumerated() { place[old] = UInt8(new) }
        palette = order.map { palette[$0] }
        assignment = assignment.map { place[Int($0)] }
    }

    private static func depth(forColours count: Int) -> Int {
        count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8
    }

    /// Fills the workspace's rows with palette indices, those of one byte from the highest bit on.
    private static func pack(
        _ runs: [ColourCensus.Run], _ assignment: [UInt8], _ header: PNGHeader, _ workspace: inout PNGWorkspace
    ) {
        workspace.sizeRows((1 + (header.width * header.depth + 7) / 8) * header.height)
        if header.depth == 8 {
            unsafe workspace.rows.withUnsafeMutableBytes { rows in
                unsafe packBytes(runs, assignment, width: header.width, rows)
            }
        } else {
            packBits(runs, assignment, header, workspace.rows.mutableSpan)
        }
    }

    /// Eight bytes are written at a time; the next run, the next row or the spare bytes at the end take what is too much.
    private static func packBytes(
        _ runs: [ColourCensus.Run], _ assignment: [UInt8], width: Int, _ rows: UnsafeMutableRawBufferPointer
    ) {
        var at = 0
        var column = width
        for run in runs {
            if column == width {
                unsafe rows[at] = 0
                at &+= 1
                column = 0
            }
            let count = Int(run.count)
            let eight = UInt64(assignment[Int(run.index)]) &* 0x0101_0101_0101_0101
            var done = 0
            while done < count {
                unsafe rows.storeBytes(of: eight, toByteOffset: at &+ done, as: UInt64.self)
                done &+= 8
            }
            at &+= count
            column &+= count
        }
    }

    private static func packBits(
        _ runs: [ColourCensus.Run], _ assignment: [UInt8], _ header: PNGHeader, _ rows: consuming MutableSpan<UInt8>
    ) {
        var at = 0
        var column = header.width
        var byte: UInt8 = 0
        var free = 8
        for run in runs {
            if column == header.width {
                rows[at] = 0
                at &+= 1
                column = 0
            }
            for _ in 0..<run.count {
                free &-= header.depth
                byte |= assignment[Int(run.index)] &<< UInt8(truncatingIfNeeded: free)
                if free == 0 {
                    rows[at] = byte
                    at &+= 1
                    (byte, free) = (0, 8)
                }
            }
            column &+= Int(run.count)
            if column == header.width && free < 8 {
                rows[at] = byte
                at &+= 1
                (byte, free) = (0, 8)
            }
        }
    }

    private static func encodeTruecolour(
        _ window: PixelWindow, _ options: PNGOptions, _ workspace: inout PNGWorkspace
    ) -> [UInt8] {
        let isOpaque = window.isOpaque()
        let header = PNGHeader(
            width: window.width, height: window.height, depth: 8, colourType: isOpaque ? .rgb : .rgba)
        workspace.sizeRows((1 + window.width * (isOpaque ? 3 : 4)) * window.height)
        unsafe workspace.rows.withUnsafeMutableBytes { rows in
            if isOpaque { unsafe packOpaque(window, rows) } else { unsafe packStraight(window, rows) }
        }
        return PNGFile.write(header, palette: [], level: options.level, workspace: &workspace)
    }

    /// Four bytes are written for each pixel; the next pixel, or the next row's filter byte, overwrites the fourth.
    private static func packOpaque(_ window: PixelWindow, _ rows: UnsafeMutableRawBufferPointer) {
        var at = 0
        for y in 0..<window.height {
            let line = unsafe window.row(y)
            unsafe rows[at] = 0
            at &+= 1
            for x in 0..<(window.width &- 1) {
                unsafe rows.storeBytes(of: line[x].littleEndian, toByteOffset: at, as: UInt32.self)
                at &+= 3
            }
            let last = unsafe line[window.width &- 1]
            for shift in [0, 8, 16] as [UInt32] {
                unsafe rows[at] = UInt8(truncatingIfNeeded: last &>> shift)
                at &+= 1
            }
        }
    }

    private static func packStraight(_ window: PixelWindow, _ rows: UnsafeMutableRawBufferPointer) {
        var at = 0
        for y in 0..<window.height {
            let line = unsafe window.row(y)
            unsafe rows[at] = 0
            at &+= 1
            for x in 0..<window.width {
                var word = unsafe line[x]
                if word < 0xFF00_0000 && word != 0 { word = straight(word) }
                unsafe rows.storeBytes(of: word.littleEndian, toByteOffset: at, as: UInt32.self)
                at &+= 4
            }
        }
    }

    private static func straight(_ word: UInt32) -> UInt32 {
        let colour = Colour(premultiplied: word)
        return UInt32(colour.red) | UInt32(colour.green) << 8 | UInt32(colour.blue) << 16 | UInt32(colour.alpha) << 24
    }
}
