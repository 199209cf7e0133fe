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
        checkWindow(x: x, y: y, width: width, height: height, inside: (pixmap.width, pixmap.height))
        return unsafe pixmap.pixels.withUnsafeBufferPointer { words in
            guard let base = words.baseAddress else { return [] }
            return encode(
                unsafe PixelWindow(base: base + (y * pixmap.width + x), stride: pixmap.width, width: width, height: height),
                options)
        }
    }

    /// A rectangle of a canvas as painted so far; the rectangle must lie inside and not be empty.
    public static func encode(
        _ canvas: borrowing Canvas, x: Int, y: Int, width: Int, height: Int, options: PNGOptions = .quick
    ) -> [UInt8] {
        let stride = canvas.width
        checkWindow(x: x, y: y, width: width, height: height, inside: (stride, canvas.height))
        return unsafe canvas.pixels.withUnsafeBufferPointer { words in
            guard let base = words.baseAddress else { return [] }
            return encode(
                unsafe PixelWindow(base: base + (y * stride + x), stride: stride, width: width, height: height), options)
        }
    }

    private static func checkWindow(x: Int, y: Int, width: Int, height: Int, inside size: (width: Int, height: Int)) {
        precondition(
            x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= size.width && y + height <= size.height,
            "a PNG's rectangle lies inside its picture and is not empty")
    }

    private static func encode(_ window: PixelWindow, _ options: PNGOptions) -> [UInt8] {
        if options.palette == .truecolour { return encodeTruecolour(window, options) }
        if let word = window.uniformWord() {
            let bits = (window.width + 7) / 8
            return PNGFile.write(
                PNGHeader(width: window.width, height: window.height, depth: 1, colourType: .palette),
                palette: [word], rows: [UInt8](repeating: 0, count: (bits + 1) * window.height), level: options.level)
        }
        let limit = options.palette == .exactElseTruecolour ? 256 : Int.max
        guard let census = ColourCensus(window, limit: limit) else { return encodeTruecolour(window, options) }
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
        return PNGFile.write(
            header, palette: palette, rows: packed(census.indices, assignment, header), level: options.level)
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

    private static func packed(_ indices: [UInt32], _ assignment: [UInt8], _ header: PNGHeader) -> [UInt8] {
        let rowBytes = 1 + (header.width * header.depth + 7) / 8
        return unsafe [UInt8](unsafeUninitializedCapacity: rowBytes * header.height) { rows, count in
            count = rowBytes * header.height
            unsafe indices.withUnsafeBufferPointer { indices in
                unsafe assignment.withUnsafeBufferPointer { assignment in
                    for y in 0..<header.height {
                        var at = y &* rowBytes
                        unsafe rows[at] = 0
                        at &+= 1
                        let from = y &* header.width
                        if header.depth == 8 {
                            for x in 0..<header.width {
                                unsafe rows[at &+ x] = assignment[Int(indices[from &+ x])]
                            }
                            continue
                        }
                        var byte: UInt8 = 0
                        var free = 8
                        for x in 0..<header.width {
                            free &-= header.depth
                            byte |= unsafe assignment[Int(indices[from &+ x])] &<< UInt8(truncatingIfNeeded: free)
                            if free == 0 {
                                unsafe rows[at] = byte
                                at &+= 1
                                byte = 0
                                free = 8
                            }
                        }
                        if free < 8 { unsafe rows[at] = byte }
                    }
                }
            }
        }
    }

    private static func encodeTruecolour(_ window: PixelWindow, _ options: PNGOptions) -> [UInt8] {
        let isOpaque = window.isOpaque()
        let rowBytes = 1 + window.width * (isOpaque ? 3 : 4)
        let header = PNGHeader(
            width: window.width, height: window.height, depth: 8, colourType: isOpaque ? .rgb : .rgba)
        let rows = unsafe [UInt8](unsafeUninitializedCapacity: rowBytes * window.height) { rows, count in
            count = rowBytes * window.height
            for y in 0..<window.height {
                let line = unsafe window.row(y)
                var at = y &* rowBytes
                unsafe rows[at] = 0
                at &+= 1
                for x in 0..<window.width {
                    let word = unsafe line[x]
                    let colour =
                        word >= 0xFF00_0000
                        ? Colour(
                            red: UInt8(truncatingIfNeeded: word), green: UInt8(truncatingIfNeeded: word &>> 8),
                            blue: UInt8(truncatingIfNeeded: word &>> 16))
                        : Colour(premultiplied: word)
                    unsafe rows[at] = colour.red
                    unsafe rows[at &+ 1] = colour.green
                    unsafe rows[at &+ 2] = colour.blue
                    at &+= 3
                    if !isOpaque {
                        unsafe rows[at] = colour.alpha
                        at &+= 1
                    }
                }
            }
        }
        return PNGFile.write(header, palette: [], rows: rows, level: options.level)
    }
}
