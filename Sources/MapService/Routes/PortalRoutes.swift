import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import Portrayal
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// The map portal: its own files, the map library it stands on, and what it asks at the start.
struct PortalRoutes {
    let service: ServiceContext
    private let files: StaticFiles

    init(service: ServiceContext) {
        self.service = service
        files = StaticFiles(
            portal: Bundle.module.resourcePath.map { $0 + "/Portal" } ?? "Portal", assets: service.settings.assets)
    }

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/") { request, _ in
            // People get the portal, programs the landing page of OGC API.
            try Self.wantsLandingPage(request)
                ? try CommonRoutes(service: service).landingPage(request) : try files.portal("index.html", request)
        }
        router.get("/portal/**") { request, _ in try files.portal(String(request.uri.path.dropFirst()), request) }
        router.get("/portal.css") { request, _ in try files.portal("portal.css", request) }
        router.get("/assets/{file}") { request, context in
            try files.asset(try context.parameters.require("file"), request)
        }
        router.get("/api/portal.json") { request, _ in start(request) }
        router.get("/api/changes") { request, _ in
            let document: JSONDocument = ["version": .integer(service.library.state.generation)]
            return Response.json(document.bytes(), for: request)
        }
    }

    /// Whoever names a form, and whoever would rather have JSON than a page.
    private static func wantsLandingPage(_ request: Request) throws -> Bool {
        if try request.parameters().value("f") != nil { return true }
        return try DocumentRequest.choose(among: [.html, .json, .geoJSON], request, QueryParameters(items: [])) != .html
    }

    private func start(_ request: Request) -> Response {
        let state = service.library.state
        let maps = state.maps.values.sorted { a, b in
            (a.definition.order, a.definition.id) < (b.definition.order, b.definition.id)
        }
        let city = service.installation.city
        let first = maps.first { $0.definition.id == "standard" } ?? maps.first
        let drawn = first.map { MapDocuments(service: service, baseURL: "").bounds(of: $0) } ?? city.box
        // Sea and roads reach beyond the city; people begin with the city, or with data that lies elsewhere.
        let inside = drawn.intersection(city.box)
        let bounds = inside.isEmpty ? drawn : inside
        let document: JSONDocument = [
            "title": ["zh": .string(city.name.zh + "标准作业图"), "en": .string("Standard work map of \(city.name.en)")],
            "defaultMap": first.map { .string($0.definition.id) },
            "maps": .array(maps.map { map in
                [
                    "id": .string(map.definition.id), "style": .string(map.definition.style),
                    "title": ["zh": .string(map.definition.title.zh), "en": .string(map.definition.title.en)],
                    "shortTitle": map.definition.shortTitle.map { ["zh": .string($0.zh), "en": .string($0.en)] },
                    "basedOn": map.definition.basedOn.map { .string($0) },
                    "hasGround": .boolean(map.hasGround), "isImagery": .boolean(map.isImagery),
                ]
            }),
            "center": .numbers([bounds.centre.x, bounds.centre.y]), "zoom": .number(10),
            "bounds": .numbers([bounds.minX, bounds.minY, bounds.maxX, bounds.maxY]),
            "statement": .string(service.installation.policy.statement),
        ]
        return .json(document.bytes(), for: request)
    }
}

extension LiveMap {
    /// Whether it can stand on its own: its style has a background, or imagery that is there.
    fileprivate var hasGround: Bool {
        guard let style else { return false }
        return style.renderer.style.layers.contains { $0.kind == .background }
            || layers.contains { $0.imageryEnvelope != nil && style.imagerySources.contains($0.definition.id) }
    }
}

/// Files of two directories, by plain names only: no path of a request ever climbs out.
struct StaticFiles {
    private let portal: String
    private let assets: String?

    init(portal: String, assets: String?) {
        self.portal = portal
        self.assets = assets
    }

    func portal(_ path: String, _ request: Request) throws -> Response {
        try file(in: portal, path, request)
    }

    func asset(_ name: String, _ request: Request) throws -> Response {
        guard let assets else {
            throw ProblemError.notFound(
                zh: "门户的前端库未安装；请运行 Scripts/portal-assets，并用 --assets 指明其目录",
                en: "the portal's map library is not installed; run Scripts/portal-assets and name its directory with --assets")
        }
        return try file(in: assets, name, request)
    }

    private func file(in directory: String, _ path: String, _ request: Request) throws -> Response {
        let parts = path.split(separator: "/")
        let isPlain = parts.allSatisfy { part in
            !part.hasPrefix(".") && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "%") }
        }
        guard isPlain, let type = Self.types[String(path.split(separator: ".").last ?? "")],
            let data = FileManager.default.contents(atPath: "\(directory)/\(path)")
        else { throw ProblemError.notFound(zh: "没有 \(request.uri.path)", en: "there is no \(request.uri.path)") }
        return .tagged([UInt8](data), type: type, for: request)
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "svg": "image/svg+xml", "png": "image/png", "json": "application/json",
    ]
}
