/// Names that sound like the Pearl River Delta and belong to nobody.
enum PlaceNames {
    private static let first = Array("东西南北中上下新大金银石龙凤白黄水沙松竹荔莲桂梅兰永安和平长丰盛联福宝鹤鳌江河湖塘陈李温卢").map(String.init)
    private static let second = Array("涌围塘岭岗坑厦埔洲坊尾头边沥贝朗溪湾桥园屋井榕田陂垅滘坪巷基潭").map(String.init)
    private static let road = Array("振兴发展繁荣昌盛文明幸福康乐富华鸿运宏图伟业光明和谐东升朝阳景观银桂金沙莲湖松涛石鼓翠屏学府科技创新").map(String.init)
    private static let family = Array("陈黄李梁林张何刘王叶邓杨吴罗袁郑谢莫周朱").map(String.init)
    private static let given = Array("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰文建国海燕晓波婷雪梅佳欣浩宇轩涵俊嘉怡思颖").map(String.init)
    private static let trade = ["电子", "五金", "塑胶", "模具", "服装", "鞋业", "家具", "玩具", "纸品", "包装", "印刷", "机械", "光电", "精密", "物流", "贸易", "科技", "餐饮", "百货", "建材", "汽修", "教育", "医疗"]
    static let industries = trade

    static func communities(_ count: Int, _ random: inout SeededGenerator) -> [String] {
        unique(count, &random) { random in
            random.pick(first) + random.pick(second) + (random.chance(0.55) ? "村" : "社区")
        }
    }

    static func unique(
        _ count: Int, _ random: inout SeededGenerator, _ make: (inout SeededGenerator) -> String
    ) -> [String] {
        var names: [String] = []
        var seen = Set<String>()
        var tries = 0
        while names.count < count {
            var name = make(&random)
            tries += 1
            if tries > count * 20 { name = "第\(names.count + 1)" + name }
            if seen.insert(name).inserted { names.append(name) }
        }
        return names
    }

    static func street(_ random: inout SeededGenerator) -> String { random.pick(road) + random.pick(road) }

    static func water(_ random: inout SeededGenerator) -> String { random.pick(first) + random.pick(second) }

    static func person(_ random: inout SeededGenerator) -> String {
        random.pick(family) + random.pick(given) + (random.chance(0.7) ? random.pick(given) : "")
    }

    static func company(town: String, industry: String, _ random: inout SeededGenerator) -> String {
        let kinds = ["有限公司", "有限公司", "厂", "商行", "经营部", "店"]
        let place = town.hasSuffix("街道") ? String(town.dropLast(2)) : town.hasSuffix("镇") ? String(town.dropLast()) : town
        return "东莞市" + place + random.pick(first) + random.pick(road) + industry + random.pick(kinds)
    }
}
