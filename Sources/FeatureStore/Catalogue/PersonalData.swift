/// Field names that mean personal data whoever delivers them (GB/T 35273-2020, clause 3.2).
///
/// A department's own layer has no catalogue entry that could mark its sensitive fields, so the names decide;
/// withholding one field too many is mended in the catalogue, a leaked one is not.
enum PersonalData {
    private static let words = [
        "身份证", "公民身份", "证件号", "联系电话", "联系方式", "手机", "电话", "住址", "户籍地址", "法定代表人", "法人代表",
        "责任人", "联系人", "出生日期", "姓名", "sfz", "idcard", "id_card", "idno", "citizenid", "phone", "mobile",
        "telephone", "contact", "birthdate", "birthday", "legalperson", "ownername",
    ]

    static func isNamed(_ field: String) -> Bool {
        let name = field.lowercased()
        return words.contains { name.contains($0) }
    }

    /// The field that most likely holds where the feature is.
    static func addressField(among fields: [String]) -> String? {
        fields.first { ["address", "地址", "dz"].contains($0.lowercased()) } ?? fields.first { $0.hasSuffix("地址") }
    }

    /// The field that most likely holds what people call the feature.
    static func nameField(among fields: [String]) -> String? {
        let preferred = ["name", "名称", "mc", "NAME", "Name", "标题", "title"]
        return preferred.first(where: fields.contains) ?? fields.first { $0.hasSuffix("名称") || $0.lowercased().hasSuffix("name") }
    }
}
