import DemoCity
import FeatureStore
import GeoTIFF
import Imagery
import Portrayal
import Reprojection
import SeedJobs
import TileArchives
import TileCache
import TileProduction
import Wording

/// What is said about an error that ends a command: a Chinese headline, then what, where and what to do.
struct Failure {
    let headline: String
    let message: String
    /// Whether the command was called wrongly rather than failed.
    let isMisuse: Bool

    init(_ error: any Error) {
        switch error {
        case let error as ImportError:
            let cause = error.cause.map(Failure.init)
            headline = cause?.ownHeadline ?? Self.headline(error.code)
            message = error.message
            isMisuse = cause?.isMisuse ?? false
        case let error as ReaderError:
            (headline, message) = (Self.headline(error.code), error.message)
            isMisuse = error.code == .optionInvalid || error.code == .fileNotFound
        case let error as RegistryError:
            (headline, message) = (Self.headline(error.code), error.message.both)
            isMisuse = [.layerInvalid, .deliveryUnknown, .deliveryTaken].contains(error.code)
        case let error as ReprojectionError:
            (headline, message, isMisuse) = ("坐标系无法使用", error.message, false)
        case let error as ProductionError:
            (headline, message) = (Self.headline(error.code), error.message.both)
            isMisuse = [.unknownMap, .unknownMatrixSet, .unknownFormat, .outsideLimits].contains(error.code)
        case let error as PrintError: (headline, message, isMisuse) = ("无法打印", error.message.both, true)
        case let error as PreparedLayerError:
            headline = error.code == .storageFull ? "磁盘已满" : "制图数据无法使用"
            (message, isMisuse) = ("\(error)", false)
        case let error as PortrayalError:
            (headline, message, isMisuse) = ("样式无法绘制", error.description, false)
        case let error as GeoTIFFError:
            (headline, message, isMisuse) = (Self.headline(error.code), error.message.both, false)
        case let error as ImageryError:
            (headline, message, isMisuse) = (error.code == .storageFull ? "磁盘已满" : "影像无法使用", error.message.both, false)
        case let error as TileArchiveError:
            (headline, message, isMisuse) = (error.code == .storageFull ? "磁盘已满" : "瓦片档案无法使用", error.message.both, false)
        case let error as TileStoreError:
            (headline, message, isMisuse) = (error.isDiskFull ? "磁盘已满" : "瓦片库无法使用", error.message.both, false)
        case let error as JobError:
            headline = error.code == .storageFull ? "空间不足" : "作业无法进行"
            (message, isMisuse) = (error.message.both, error.code == .unknownJob || error.code == .wrongState)
        case let error as DemoError: (headline, message, isMisuse) = ("演示城市无法生成", error.message, false)
        case let error as ExportError: (headline, message, isMisuse) = ("无法导出", error.message.both, false)
        case let error as WriterError: (headline, message, isMisuse) = ("文件无法写入", error.message, false)
        default: (headline, message, isMisuse) = (Self.anyFailure, "\(error)", false)
        }
    }

    private static let anyFailure = "失败"

    /// `nil` where nothing is known of the error.
    private var ownHeadline: String? { headline == Self.anyFailure ? nil : headline }

    var text: String { "workmap: \(headline): \(message)" }

    private static func headline(_ code: ImportError.Code) -> String {
        switch code {
        case .nothingToRead: "没有可导入的数据"
        case .crsUndeclared: "文件未声明坐标系"
        case .crsImplausible: "坐标与所声明的坐标系不符"
        case .crsUnusable: "坐标系无法使用"
        case .sourceUnreadable: "文件无法读取"
        case .everythingRejected: "全部记录被拒绝，图层保持原样"
        case .registryFailed: "登记库写入失败"
        case .derivationFailed: "制图数据写入失败"
        case .cancelled: "导入已中止"
        }
    }

    private static func headline(_ code: ReaderError.Code) -> String {
        switch code {
        case .fileNotFound: "文件不存在"
        case .fileNotReadable: "文件无法打开"
        case .formatUnknown: "无法识别文件格式"
        case .partMissing: "缺少配套文件"
        case .contentDamaged: "文件内容损坏"
        case .encodingWrong: "字符编码不符"
        case .optionInvalid: "选项与文件不符"
        case .limitExceeded: "超出允许的大小"
        }
    }

    private static func headline(_ code: GeoTIFFError.Code) -> String {
        switch code {
        case .notReadable: "文件无法打开"
        case .unsupported: "不支持这种图像"
        case .damaged: "文件内容损坏"
        case .notGeoreferenced: "图像没有地理参考"
        case .notWritable: "文件无法写入"
        }
    }

    private static func headline(_ code: RegistryError.Code) -> String {
        switch code {
        case .layerUnknown: "没有此图层"
        case .layerInvalid: "图层标识无效"
        case .featureUnknown: "没有此要素"
        case .fieldUnknown: "没有此字段"
        case .fieldSensitive: "字段属敏感信息"
        case .filterTooCostly: "过滤条件代价过高"
        case .versionChanged: "图层已被更新"
        case .deliveryUnknown: "没有此版本"
        case .deliveryTaken: "版本名称已被占用"
        case .deliveryUnsuitable: "版本不能这样处理"
        case .deliveryEdited: "现行版本已有编辑"
        case .layerNotYet: "当时尚无此图层"
        case .historyAbsent: "没有当时的历史"
        case .historyDropped: "当时的版本已不保留"
        case .busy: "另一写入正在进行"
        case .writerFinished: "写入已结束"
        case .identifierInvalid: "要素标识无效"
        case .notARegistry: "数据目录中的文件不是登记库"
        case .storageFull: "磁盘已满"
        case .storageDamaged: "登记库已损坏"
        case .storageFailed: "登记库无法使用"
        }
    }

    private static func headline(_ code: ProductionError.Code) -> String {
        switch code {
        case .unknownMap: "没有此地图"
        case .unknownMatrixSet: "地图不提供此瓦片矩阵集"
        case .unknownFormat: "地图不提供此格式"
        case .outsideLimits: "瓦片地址超出范围"
        case .notReady: "图层正在准备"
        case .overloaded: "服务繁忙"
        case .portrayal: "无法制图"
        case .storage: "数据目录无法使用"
        }
    }
}
