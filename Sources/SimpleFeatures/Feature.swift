/// A feature of one layer, in the CRS that its container states.
public struct Feature: Hashable, Sendable {
    /// Unique within the layer and stable for one version of it; 1 or greater.
    public var id: Int64
    /// `nil` for a record without a place, such as a person known by address only.
    public var geometry: Geometry?
    /// One value a field of the layer's schema, in schema order.
    public var values: [PropertyValue]

    public init(id: Int64, geometry: Geometry?, values: [PropertyValue]) {
        self.id = id
        self.geometry = geometry
        self.values = values
    }
}
