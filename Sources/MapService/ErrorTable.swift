import ArcGISREST
import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import SeedJobs
import TileArchives
import TileProduction
import Typography
import Wording

/// The one place where errors become HTTP: 4xx say what to do, 5xx carry an incident number and nothing else.
enum ErrorTable {
    /// The problem document for an error, and whether the error itself belongs into the log.
    static func problem(for error: any Error, incident: String) -> (document: ProblemDocument, isOurs: Bool) {
        switch error {
        case let error as ProblemError: (error.document, false)
        case let error as ParameterError: (ProblemDocument(error), false)
        case let error as ProductionError: production(error, incident)
        case let error as PrintError:
            (
                error.code == .unknownFeature
                    ? ProblemDocument(title: .notFound, status: 404, detail: error.message)
                    : ProblemDocument(title: .init(zh: "请求有误", en: "Bad request"), status: 400, detail: error.message),
                false
            )
        case let error as RegistryError: registry(error, incident)
        // Where no client of ArcGIS' documents asks, such as for a tile or a sprite.
        case let error as EsriError: (ProblemDocument(title: .notFound, status: error.code, detail: error.message), false)
        case let error as JobError: job(error, incident)
        case let error as ExportError where error.code == .tooLarge:
            (ProblemDocument(title: .init(zh: "内容过多", en: "Too much for one file"), status: 403, detail: error.message), false)
        case let error as TileArchiveError where error.code == .mismatched:
            (
                ProblemDocument(
                    title: .init(zh: "档案正在更新", en: "The archive is being replaced"), status: 503,
                    detail: .init(zh: "此档案正被改写；请稍后再试", en: "this archive is being written to; try again")),
                true
            )
        case let error as any HTTPResponseError where error.status.code < 500: (framework(error), false)
        default: (internalProblem(incident), true)
        }
    }

    private static func production(_ error: ProductionError, _ incident: String) -> (ProblemDocument, Bool) {
        switch error.code {
        case .unknownMap, .unknownMatrixSet, .unknownFormat, .outsideLimits:
            (ProblemDocument(title: .notFound, status: 404, detail: error.message), false)
        case .notReady:
            (ProblemDocument(title: .init(zh: "尚未就绪", en: "Not ready yet"), status: 503, detail: error.message), false)
        case .overloaded:
            (
                ProblemDocument(
                    title: .init(zh: "等待制图的请求过多", en: "Too many tiles are waiting"), status: 503, detail: error.message),
                false
            )
        case .portrayal, .storage: (internalProblem(incident), true)
        }
    }

    private static func job(_ error: JobError, _ incident: String) -> (ProblemDocument, Bool) {
        switch error.code {
        case .unknownJob: (ProblemDocument(title: .notFound, status: 404, detail: error.message), false)
        case .wrongState:
            (ProblemDocument(title: .init(zh: "作业状态不符", en: "Not in this state"), status: 409, detail: error.message), false)
        case .storageFull: (ProblemDocument(title: .init(zh: "空间不足", en: "No room is left"), status: 507, detail: error.message), true)
        case .storageDamaged, .storageFailed: (internalProblem(incident), true)
        }
    }

    private static func registry(_ error: RegistryError, _ incident: String) -> (ProblemDocument, Bool) {
        switch error.code {
        case .layerUnknown: (ProblemDocument(title: .notFound, status: 404, detail: error.message), false)
        case .fieldUnknown, .fieldSensitive, .layerInvalid, .filterTooCostly:
            (ProblemDocument(title: .init(zh: "请求有误", en: "Bad request"), status: 400, detail: error.message), false)
        case .deliveryUnknown, .historyAbsent, .layerNotYet:
            (ProblemDocument(title: .init(zh: "没有此版本或历史", en: "No such version or history"), status: 404, detail: error.message), false)
        case .historyDropped:
            (ProblemDocument(title: .init(zh: "历史已不保留", en: "The history is no longer kept"), status: 410, detail: error.message), false)
        case .versionChanged:
            (
                ProblemDocument(title: .init(zh: "图层已被更新", en: "The layer was replaced"), status: 409, detail: error.message), false
            )
        // The registry's own words name files of this machine.
        case .busy:
            (
                ProblemDocument(
                    title: .init(zh: "正在写入", en: "Somebody is writing"), status: 503,
                    detail: .init(
                        zh: "另一导入或编辑正在写入数据目录，此次未作改动；请稍后重试",
                        en: "another import or edit is writing to the data directory, and nothing was changed; try again later")),
                false
            )
        case .storageFull:
            (
                ProblemDocument(
                    title: .init(zh: "空间不足", en: "No room is left"), status: 507,
                    detail: .init(
                        zh: "数据目录所在磁盘已满，此次未作改动；管理员可在日志中按事件号 \(incident) 查到原因。",
                        en: "The disk of the data directory is full, and nothing was changed; its operator finds more in the log under incident \(incident).")),
                true
            )
        default: (internalProblem(incident), true)
        }
    }

    /// What the HTTP framework refuses by itself; a route's own refusals say more.
    private static func framework(_ error: any HTTPResponseError) -> ProblemDocument {
        let reason = error.status.reasonPhrase
        return ProblemDocument(
            title: .init(zh: "请求无法处理", en: reason), status: error.status.code,
            detail: .init(
                zh: "请求不合 HTTP 规定，状态 \(error.status.code)；请检查方法、地址、头字段和请求体",
                en: (error as? HTTPError)?.body ?? "\(reason); check the method, the address, the fields and the body"))
    }

    private static func internalProblem(_ incident: String) -> ProblemDocument {
        ProblemDocument(
            title: .init(zh: "服务内部错误", en: "Internal error"), status: 500,
            detail: .init(
                zh: "服务处理此请求时出错；管理员可在日志中按事件号 \(incident) 查到原因。",
                en: "The service failed on this request; its operator finds the reason in the log under incident \(incident)."),
            instance: "urn:workmap:incident:\(incident)")
    }
}

/// A refusal that a route words itself.
struct ProblemError: Error {
    var document: ProblemDocument
    /// What the answer says beside the document.
    var headers: HTTPFields = [:]

    init(_ status: Int, _ title: LocalisedText, _ detail: LocalisedText) {
        document = ProblemDocument(title: title, status: status, detail: detail)
    }

    static func notFound(zh: String, en: String) -> ProblemError {
        ProblemError(404, .notFound, LocalisedText(zh: zh, en: en))
    }

    static func notAcceptable(zh: String, en: String) -> ProblemError {
        ProblemError(406, LocalisedText(zh: "无法提供所要的格式", en: "Not acceptable"), LocalisedText(zh: zh, en: en))
    }
}

extension LocalisedText {
    static let notFound = LocalisedText(zh: "没有此资源", en: "Not found")
}
