extension ImportReport {
    /// The report for people, Chinese first.
    public var text: String {
        var lines = [
            "\(featuresRemoved == nil ? "导入报告 Import report" : "编辑报告 Edit report"): \(layer)\(version > 0 ? "，版本 version \(version)" : "")",
            "读入记录 records in \(recordsIn) = 入库 stored \(featuresStored) + 拒绝 rejected \(recordsRejected)",
        ]
        for source in sources {
            let crs = source.usedCRS.map { "，坐标系 CRS \($0)\(source.declaredCRS == nil ? "（未声明 undeclared）" : "")" } ?? ""
            lines.append(
                "  来源 source \(source.name) [\(source.format)]\(crs)：\(source.recordsIn) = \(source.featuresStored) + \(source.recordsRejected)")
        }
        if let crs { lines.append("存储坐标系 stored CRS: \(crs)") }
        if let box = envelope { lines.append("范围 envelope: x \(box.minX)...\(box.maxX), y \(box.minY)...\(box.maxY)") }
        if let encoding { lines.append("编码 encoding: \(encoding)") }
        if featuresWithoutGeometry > 0 { lines.append("无几何 without geometry: \(featuresWithoutGeometry)") }
        if identifiersAssigned > 0 { lines.append("新编标识 identifiers assigned: \(identifiersAssigned)") }
        if let featuresRemoved { lines.append("删除要素 features removed: \(featuresRemoved)") }
        lines += section("拒绝原因 rejections", rejections)
        lines += section("几何修复 repairs", repairs)
        lines += section("提示 notices", notices)
        if let delivery { lines += delivery.lines(layer: layer) }
        if !datumStatement.isEmpty { lines.append(datumStatement) }
        lines.append("用时 duration \(rounded(seconds)) s，\(Int(recordsPerSecond)) 条/秒 records/s")
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ tallies: [Tally]) -> [String] {
        guard !tallies.isEmpty else { return [] }
        return ["\(title):"] + tallies.flatMap { tally in
            ["  \(DiagnosticTitle.chinese(tally.key).map { $0 + " " } ?? "")\(tally.key)  \(tally.count)"] + tally.examples.flatMap { example in
                let field = example.field.map { "，字段 field \($0)" } ?? ""
                let value = example.value.map { "，值 value \"\($0)\"" } ?? ""
                return [
                    "    \(example.source), \(example.place)\(field)\(value)：\(example.reason)",
                    "      处理 remedy: \(example.suggestion)",
                ]
            }
        }
    }

    private func rounded(_ seconds: Double) -> Double { (seconds * 100).rounded() / 100 }
}

extension ImportReport.Delivery {
    /// For people, Chinese first.
    func lines(layer: String) -> [String] {
        var lines = ["版本 version: \(name)"]
        if isStaged {
            lines[0] += "，待发布 staged; workmap versions publish \(layer) \(name)"
        } else if let former {
            lines[0] += "，取代 replaces \(former)"
            if formerEdits > 0 {
                lines.append("\(former) 的 \(formerEdits) 次编辑不在新版本中 edits of \(former) are not in the new version: \(formerEdits)")
            }
        }
        if !dropped.isEmpty { lines.append("不再保留的版本 versions no longer kept: \(dropped.joined(separator: ", "))") }
        return lines
    }
}
