/// What the operator says about a source that the source does not say itself.
public struct ReaderOptions: Sendable {
    /// An encoding name such as `GB18030` that overrules what the source declares; `nil` to detect.
    public var encoding: String?
    /// The one layer to read of a file that holds several; `nil` for all of them.
    public var layer: String?
    /// The columns of a table that hold east and north; `nil` to recognise them by name.
    public var xField: String?
    public var yField: String?
    public var limits: ReaderLimits

    public init(
        encoding: String? = nil, layer: String? = nil, xField: String? = nil, yField: String? = nil,
        limits: ReaderLimits = ReaderLimits()
    ) {
        self.encoding = encoding
        self.layer = layer
        self.xField = xField
        self.yField = yField
        self.limits = limits
    }
}

/// How much one record or archive may ask for before it is refused.
public struct ReaderLimits: Sendable {
    /// Bytes of one line, feature or record.
    public var recordBytes = 64 << 20
    /// Bytes of a line that is passed over because it is longer than a record may be; a file whose line is longer
    /// still is refused, for nothing says where its records go on.
    public var lineBytes = 256 << 20
    /// Positions in one geometry.
    public var positions = 10_000_000
    /// Objects and arrays inside one another.
    public var nestingDepth = 64
    /// Distinct fields of a layer.
    public var fields = 2_000
    /// Bytes that a zip archive may unpack to.
    public var archiveBytes = 4 << 30
    /// Bytes unpacked for each byte packed.
    public var archiveRatio = 200

    public init() {}
}
