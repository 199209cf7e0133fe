/// Writes pixmaps as PNG: the same pixels and options always give the same bytes.
///
/// Rows are not filtered, which suits the flat areas of maps, but for photographs in true colour. Alpha is written only where some pixel is not opaque. A
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
        guard workspace.census.read(window, limit: limit) else { return encodeTruecolour(window, options, &workspace) }
        if workspace.census.wordCount <= 256 {
            workspace.choice.takeAll(workspace.census)
        } else {
            workspace.choice.choose(workspace.census, area: window.count, limit: 256)
        }
        workspace.choice.putTransparentFirst(words: workspace.census.wordCount)
        let palette = workspace.choice.palette
        let header = PNGHeader(
            width: window.width, height: window.height, depth: depth(forColours: palette.count), colourType: .palette)
        workspace.sizeRows((1 + (header.width * header.depth + 7) / 8) * header.height)
        pack(header, workspace.census, workspace.choice.assignment, &workspace.rows)
        return PNGFile.write(header, palette: palette, level: options.level, workspace: &workspace)
    }

    private static func depth(forColours count: Int) -> Int {
        count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8
    }

    /// Fills the workspace's rows with palette indices, those of one byte from the highest bit on.
    private static func pack(
        _ header: PNGHeader, _ census: borrowing ColourCensus, _ assignment: [UInt8], _ rows: inout [UInt8]
    ) {
        let indices = unsafe census.pixels
        unsafe rows.withUnsafeMutableBytes { rows in
            unsafe assignment.withUnsafeBufferPointer { assignment in
                if header.depth == 8 {
                    unsafe packBytes(indices, assignment, header, rows)
                } else {
                    unsafe packBits(indices, assignment, header, rows)
                }
            }
        }
    }

    private static func packBytes(
        _ indices: UnsafePointer<UInt32>, _ assignment: UnsafeBufferPointer<UInt8>, _ header: PNGHeader,
        _ rows: UnsafeMutableRawBufferPointer
    ) {
        guard let target = rows.baseAddress else { return }
        for y in 0..<header.height {
            let source = unsafe indices + y * header.width
            let row = unsafe target + y * (1 + header.width)
            unsafe row.storeBytes(of: 0, as: UInt8.self)
            for x in 0..<header.width {
                unsafe row.storeBytes(of: assignment[Int(source[x])], toByteOffset: 1 &+ x, as: UInt8.self)
            }
        }
    }

    private static func packBits(
        _ indices: UnsafePointer<UInt32>, _ assignment: UnsafeBufferPointer<UInt8>, _ header: PNGHeader,
        _ rows: UnsafeMutableRawBufferPointer
    ) {
        var at = 0
        for y in 0..<header.height {
            let source = unsafe indices + y * header.width
            unsafe rows[at] = 0
            at &+= 1
            var byte: UInt8 = 0
            var free = 8
            for x in 0..<header.width {
                free &-= header.depth
                byte |= unsafe assignment[Int(source[x])] &<< UInt8(truncatingIfNeeded: free)
                if free == 0 {
                    unsafe rows[at] = byte
                    at &+= 1
                    (byte, free) = (0, 8)
                }
            }
            if free < 8 {
                unsafe rows[at] = byte
                at &+= 1
            }
        }
    }

    private static func encodeTruecolour(
        _ window: PixelWindow, _ options: PNGOptions, _ workspace: inout PNGWorkspace
    ) -> [UInt8] {
        let isOpaque = window.isOpaque()
        let header = PNGHeader(
            width: window.width, height: window.height, depth: 8, colourType: isOpaque ? .rgb : .rgba)
        let pixelBytes = isOpaque ? 3 : 4
        let rowBytes = 1 + window.width * pixelBytes
        workspace.sizeRows(rowBytes * window.height)
        let isPhotograph = window.isContinuousTone()
        unsafe workspace.rows.withUnsafeMutableBytes { rows in
            if isOpaque { unsafe packOpaque(window, rows) } else { unsafe packStraight(window, rows) }
            if isPhotograph {
                unsafe RowFilter.apply(to: rows, height: window.height, count: rowBytes - 1, pixelBytes: pixelBytes)
            }
        }
        let level = isPhotograph ? max(options.level, levelOfPhotographs) : options.level
        return PNGFile.write(header, palette: [], level: level, workspace: &workspace)
    }

    /// Differences between neighbours repeat in short pieces, which libdeflate's lower levels and `RowCompressor` miss.
    private static let levelOfPhotographs = 3

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
