// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled under the same rules; the hot path relies on none of them being relaxed.
let rules: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// A C library: a module map and a shim, nothing else.
func library(_ name: String, pkgConfig: String, debian: String) -> Target {
    .systemLibrary(name: name, path: "Sources/\(name)", pkgConfig: pkgConfig, providers: [.apt([debian])])
}

func engine(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: rules)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: "\(name)Tests", dependencies: [.byName(name: name), "TestSupport"] + dependencies, exclude: exclude, swiftSettings: rules)
}

let package = Package(
    name: "workmap",
    products: [.executable(name: "workmap", targets: ["workmap"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        // 0: system libraries
        library("CPROJ", pkgConfig: "proj", debian: "libproj-dev"),
        library("CGEOS", pkgConfig: "geos", debian: "libgeos-dev"),
        library("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
        library("CPNG", pkgConfig: "libpng", debian: "libpng-dev"),
        library("CDeflate", pkgConfig: "libdeflate", debian: "libdeflate-dev"),
        library("CFreeType", pkgConfig: "freetype2", debian: "libfreetype-dev"),
        library("CHarfBuzz", pkgConfig: "harfbuzz", debian: "libharfbuzz-dev"),
        library("CFriBidi", pkgConfig: "fribidi", debian: "libfribidi-dev"),
        // The one piece of our own in C: it runs in the widest vectors of the machine it finds itself on.
        .target(name: "CCoverage"),
        .target(name: "CFilePages"),
        library("CTIFF", pkgConfig: "libtiff-4", debian: "libtiff-dev"),
        library("CTurboJPEG", pkgConfig: "libturbojpeg", debian: "libturbojpeg0-dev"),
        library("CWebP", pkgConfig: "libwebp", debian: "libwebp-dev"),
        library("CRSVG", pkgConfig: "librsvg-2.0", debian: "librsvg2-dev"),
        library("CCairo", pkgConfig: "cairo-pdf", debian: "libcairo2-dev"),

        // 1-2: vocabulary
        engine("Wording", []),
        engine("SimpleFeatures", []),
        engine("Compression", ["CDeflate"]),
        engine("Tiling", ["SimpleFeatures"]),
        engine("Markup", ["Wording"]),

        // 3: engines, blind to each other
        engine("Reprojection", ["SimpleFeatures", "CPROJ"]),
        engine("Topology", ["SimpleFeatures", "CGEOS"]),
        engine("Generalisation", ["SimpleFeatures", "Tiling"]),
        engine("VectorTiles", ["SimpleFeatures", "Tiling"]),
        engine("Raster", ["Compression", "CPNG", "CCoverage", "CTurboJPEG", "CWebP", "CRSVG"]),
        engine("GeoTIFF", ["Wording", "SimpleFeatures", "CTIFF"]),
        engine("Typography", ["CFreeType", "CHarfBuzz", "CFriBidi"]),
        engine("SQLite", ["CSQLite"]),
        engine("OGCAPI", ["Wording", "SimpleFeatures", "Tiling", "Markup"]),
        engine("ArcGISREST", ["Wording", "SimpleFeatures", "Tiling"]),
        engine("CQL2", ["Wording", "SimpleFeatures", "Tiling", "Markup"]),

        // 4: things with state or with a style
        engine("FeatureStore", ["CQL2", "Wording", "SimpleFeatures", "Tiling", "Reprojection", "Topology", "Generalisation", "SQLite", "Compression"]),
        engine("Portrayal", ["Wording", "SimpleFeatures", "Tiling", "Raster", "Typography"]),
        engine("Documents", ["Wording", "Raster", "CCairo"]),
        engine("Imagery", ["Wording", "SimpleFeatures", "Tiling", "Reprojection", "Raster", "GeoTIFF"]),
        engine("TileCache", ["Wording", "Tiling", "SQLite", .product(name: "Crypto", package: "swift-crypto")]),
        engine("SeedJobs", ["Wording", "Tiling", "SQLite"]),
        engine("TileArchives", ["CFilePages", "Wording", "SimpleFeatures", "Tiling", "Compression", "SQLite", .product(name: "Crypto", package: "swift-crypto")]),

        // 5: the pipeline, and a city to run it on
        engine("DemoCity", ["SimpleFeatures", "Tiling", "Reprojection", "Topology", "Raster", "GeoTIFF", "FeatureStore"]),
        engine("TileProduction", ["Wording", "Documents", "TileArchives", "SeedJobs", "SimpleFeatures", "Compression", "Tiling", "Reprojection", "Topology", "Generalisation", "VectorTiles", "Raster", "Typography", "GeoTIFF", "FeatureStore", "Portrayal", "Imagery", "TileCache"]),

        // 6-7: the service and the command line
        engine("MapService", ["ArcGISREST", "CQL2", "Markup", "SeedJobs", "TileArchives", "Wording", "SimpleFeatures", "Compression", "Tiling", "OGCAPI", "Reprojection", "Topology", "Raster", "FeatureStore", "Typography", "Portrayal", "TileCache", "TileProduction", .product(name: "Hummingbird", package: "hummingbird"), .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"), .product(name: "AsyncHTTPClient", package: "async-http-client"), .product(name: "NIOHTTPTypes", package: "swift-nio-extras"), .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log")], resources: [.copy("Portal")]),
        .executableTarget(
            name: "workmap",
            dependencies: ["Wording", "MapService", "DemoCity", "TileProduction", "TileCache", "SeedJobs", "TileArchives", "Compression", "GeoTIFF", "FeatureStore", "Imagery", "Portrayal", "Raster", "Typography", "Tiling", "SimpleFeatures", "Reprojection", .product(name: "ArgumentParser", package: "swift-argument-parser"), .product(name: "Logging", package: "swift-log")],
            swiftSettings: rules),

        // Speed is measured here, never asserted in a test.
        .executableTarget(name: "Benchmarks", dependencies: ["Portrayal", "TileProduction", "TileCache", "Tiling", "Raster"], path: "Tests/Benchmarks", exclude: ["City", "Driver", "Logs", "README.md"], swiftSettings: rules),

        // What tests of several targets share: where the conformance cases lie, scratch directories, seeded numbers.
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: rules),

        tests("SimpleFeatures", []),
        tests("Compression", []),
        tests("Tiling", ["SimpleFeatures"]),
        tests("Markup", ["Wording"]),
        tests("Reprojection", ["SimpleFeatures"]),
        tests("Topology", ["SimpleFeatures"]),
        tests("Generalisation", ["SimpleFeatures", "Tiling"]),
        tests("VectorTiles", ["SimpleFeatures", "Tiling"]),
        tests("Raster", [], exclude: ["Goldens"]),
        tests("GeoTIFF", ["Wording", "SimpleFeatures"]),
        tests("Documents", ["Raster", "Compression"]),
        tests("Imagery", ["Wording", "SimpleFeatures", "Tiling", "Reprojection", "Raster", "GeoTIFF"]),
        tests("Typography", []),
        tests("SQLite", []),
        tests("OGCAPI", ["Wording", "SimpleFeatures", "Tiling", "Markup"]),
        tests("ArcGISREST", ["Wording", "SimpleFeatures", "Tiling"]),
        tests("CQL2", ["Wording", "SimpleFeatures", "Tiling", "Markup"]),
        tests("FeatureStore", ["CQL2", "Wording", "SimpleFeatures", "Tiling", "Reprojection", "Topology", "SQLite"]),
        tests("DemoCity", ["SimpleFeatures", "FeatureStore", "Reprojection", "Topology"]),
        tests("TileCache", ["Wording", "Tiling", "SQLite"]),
        tests("SeedJobs", ["Tiling", "SQLite"]),
        tests("TileArchives", ["Wording", "Tiling", "Compression", "SQLite", .product(name: "Crypto", package: "swift-crypto")]),
        tests("TileProduction", ["Wording", "TileArchives", "SeedJobs", "SimpleFeatures", "Compression", "Tiling", "Reprojection", "GeoTIFF", "Imagery", "Topology", "Generalisation", "VectorTiles", "Raster", "Typography", "FeatureStore", "Portrayal", "TileCache", "DemoCity"], exclude: ["Goldens"]),
        tests("Portrayal", ["Wording", "SimpleFeatures", "Tiling", "Raster", "Typography"], exclude: ["Goldens"]),
        tests("MapService", ["ArcGISREST", "CQL2", "Markup", "SeedJobs", "TileArchives", "SQLite", "Wording", "SimpleFeatures", "Compression", "Tiling", "OGCAPI", "Typography", "VectorTiles", "Raster", "GeoTIFF", "FeatureStore", "Imagery", "Reprojection", "DemoCity", "TileCache", "TileProduction", .product(name: "Hummingbird", package: "hummingbird"), .product(name: "HTTPTypes", package: "swift-http-types"), .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOEmbedded", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"), .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"), .product(name: "Logging", package: "swift-log")]),

        // The whole program: runs the built executable, which lies beside the tests.
        .testTarget(name: "WorkmapTests", dependencies: ["TestSupport", "TileArchives", "SeedJobs", "Tiling", "SimpleFeatures", "Reprojection", "SQLite", "FeatureStore", "TileCache"], swiftSettings: rules),
    ],
    swiftLanguageModes: [.v6]
)
