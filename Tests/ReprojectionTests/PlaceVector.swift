import SimpleFeatures
import Testing

/// One place in every system, as the domain vectors state it: metres to 1e-4, GCJ-02 and BD-09 to 1e-9 degree.
struct PlaceVector: Sendable, CustomTestStringConvertible {
    let name: String
    let degrees: Coordinate
    let epsg4547: Coordinate
    let epsg4526: Coordinate
    let epsg3857: Coordinate
    let gcj02: Coordinate
    let bd09: Coordinate

    var testDescription: String { name }

    static let all: [PlaceVector] = [
        PlaceVector(
            name: "dongguan_city_centre_approx", degrees: Coordinate(x: 113.7518, y: 23.0207),
            epsg4547: Coordinate(x: 474557.7328, y: 2546851.5329),
            epsg4526: Coordinate(x: 38474557.7328, y: 2546851.5329),
            epsg3857: Coordinate(x: 12662792.4528, y: 2634522.1444),
            gcj02: Coordinate(x: 113.756993046, y: 23.017977425), bd09: Coordinate(x: 113.763406928, y: 23.024310849)),
        PlaceVector(
            name: "changping_approx", degrees: Coordinate(x: 114.0, y: 22.977),
            epsg4547: Coordinate(x: 500000.0, y: 2541990.47),
            epsg4526: Coordinate(x: 38500000.0, y: 2541990.47),
            epsg3857: Coordinate(x: 12690421.9504, y: 2629237.4135),
            gcj02: Coordinate(x: 114.005022813, y: 22.974260461), bd09: Coordinate(x: 114.011462063, y: 22.980591886)),
        PlaceVector(
            name: "bbox_sw", degrees: Coordinate(x: 113.52, y: 22.65),
            epsg4547: Coordinate(x: 450662.813, y: 2505857.6154),
            epsg4526: Coordinate(x: 38450662.813, y: 2505857.6154),
            epsg3857: Coordinate(x: 12636988.5949, y: 2589746.5769),
            gcj02: Coordinate(x: 113.525206229, y: 22.64708445), bd09: Coordinate(x: 113.531621411, y: 22.653408582)),
        PlaceVector(
            name: "bbox_ne", degrees: Coordinate(x: 114.26, y: 23.15),
            epsg4547: Coordinate(x: 526626.3781, y: 2561173.0884),
            epsg4526: Coordinate(x: 38526626.3781, y: 2561173.0884),
            epsg3857: Coordinate(x: 12719365.018, y: 2650168.7076),
            gcj02: Coordinate(x: 114.264857566, y: 23.147337248), bd09: Coordinate(x: 114.271327028, y: 23.153425993)),
        PlaceVector(
            name: "humen_approx", degrees: Coordinate(x: 113.672, y: 22.822),
            epsg4547: Coordinate(x: 466328.5477, y: 2524862.7487),
            epsg4526: Coordinate(x: 38466328.5477, y: 2524862.7487),
            epsg3857: Coordinate(x: 12653909.1575, y: 2610506.6949),
            gcj02: Coordinate(x: 113.677121305, y: 22.819100878), bd09: Coordinate(x: 113.683662745, y: 22.824979956)),
        PlaceVector(
            name: "on_CM_114E", degrees: Coordinate(x: 114.0, y: 23.0),
            epsg4547: Coordinate(x: 500000.0, y: 2544537.5786),
            epsg4526: Coordinate(x: 38500000.0, y: 2544537.5786),
            epsg3857: Coordinate(x: 12690421.9504, y: 2632018.6376),
            gcj02: Coordinate(x: 114.005024314, y: 22.997270401), bd09: Coordinate(x: 114.011442286, y: 23.003597541)),
    ]
}
