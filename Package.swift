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
        name: "\(name)Tests", dependencies: [.byName(name: name)] + dependencies, exclude: exclude, swiftSettings: rules)
}

let package = Package(
    name: "workmap",
    products: [],
    targets: [
        // 0: system libraries
        library("CPROJ", pkgConfig: "proj", debian: "libproj-dev"),
        library("CGEOS", pkgConfig: "geos", debian: "libgeos-dev"),
        library("CSQLite", pkgConfig: "sqlite3", debian: "libsqlite3-dev"),
        library("CPNG", pkgConfig: "libpng", debian: "libpng-dev"),
        library("CDeflate", pkgConfig: "libdeflate", debian: "libdeflate-dev"),
        library("CFreeType", pkgConfig: "freetype2", debian: "libfreetype-dev"),
        library("CHarfBuzz", pkgConfig: "harfbuzz", debian: "libharfbuzz-dev"),

        // 1-2: vocabulary
        engine("SimpleFeatures", []),
        engine("Tiling", ["SimpleFeatures"]),

        // 3: engines, blind to each other
        engine("Reprojection", ["SimpleFeatures", "CPROJ"]),
        engine("Topology", ["SimpleFeatures", "CGEOS"]),
        engine("Generalisation", ["SimpleFeatures", "Tiling"]),
        engine("VectorTiles", ["SimpleFeatures", "Tiling"]),
        engine("Raster", ["CPNG", "CDeflate"]),
        engine("Typography", ["CFreeType", "CHarfBuzz"]),
        engine("SQLite", ["CSQLite"]),

        // 4: things with state or with a style
        engine("FeatureStore", ["SimpleFeatures", "Tiling", "Reprojection", "Topology", "Generalisation", "SQLite", "CDeflate"]),
        engine("Portrayal", ["SimpleFeatures", "Tiling", "Raster", "Typography"]),

        tests("SimpleFeatures", []),
        tests("Tiling", ["SimpleFeatures"]),
        tests("Reprojection", ["SimpleFeatures"]),
        tests("Topology", ["SimpleFeatures"]),
        tests("Generalisation", ["SimpleFeatures", "Tiling"]),
        tests("VectorTiles", ["SimpleFeatures", "Tiling"]),
        tests("Raster", [], exclude: ["Goldens"]),
        tests("Typography", []),
        tests("SQLite", []),
        tests("FeatureStore", ["SimpleFeatures", "Tiling", "Reprojection", "Topology", "SQLite"]),
        tests("Portrayal", ["SimpleFeatures", "Tiling", "Raster", "Typography"]),
    ],
    swiftLanguageModes: [.v6]
)
