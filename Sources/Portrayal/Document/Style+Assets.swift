public import Typography

extension Style {
    /// Bytes past which a style document is not read: a style of a city is a hundredth of this.
    public static let sizeLimitInBytes = 16 << 20

    /// What the document names plainly and is not there: fonts that the catalogue lacks, images that no sheet holds.
    ///
    /// Names that an expression computes show only when a feature asks for them; those are counted where they are drawn.
    public func missingAssets(images: Set<String>, fonts: FontCatalogue) -> [StyleIssue] {
        layers.enumerated().flatMap { index, layer in
            layer.properties.sorted { $0.key < $1.key }.flatMap { name, property in
                missingAssets(name, property, "layers[\(index)].\(layer.place(of: name)).\(name)", images, fonts)
            }
        }
    }

    private func missingAssets(
        _ name: String, _ property: PropertyExpression, _ path: String, _ images: Set<String>, _ fonts: FontCatalogue
    ) -> [StyleIssue] {
        if let image = property.plainImage, !image.isEmpty, !images.contains(image) {
            return [
                StyleIssue(
                    path: path, message: "there is no image \"\(image)\"; add \(image).json or \(image).png to the icons",
                    chinese: "没有图片“\(image)”，请在 icons 中添加 \(image).json 或 \(image).png")
            ]
        }
        guard name == "text-font" else { return [] }
        return property.fontStacks.sorted { $0.lexicographicallyPrecedes($1) }.compactMap { stack -> StyleIssue? in
            do throws(TypographyError) {
                _ = try fonts.fonts(named: stack)
                return nil
            } catch {
                return StyleIssue(
                    path: path, message: error.message, chinese: "字体 \(stack.joined(separator: "、")) 不全，请见 fonts.json")
            }
        }
    }
}

extension StyleLayer {
    fileprivate func place(of property: String) -> String {
        kind.layout.contains { $0.name == property } ? "layout" : "paint"
    }
}

extension PropertyExpression {
    /// The name of an image that stands plainly, so that it is the same for every feature.
    fileprivate var plainImage: String? {
        if case .literal(.image(let name, _)) = expression { return name }
        if case .coercion(.image, let arguments) = expression, case .literal(.string(let name))? = arguments.first { return name }
        return nil
    }

    /// The lists of words that stand plainly anywhere in the expression.
    fileprivate var fontStacks: Set<[String]> {
        var out: Set<[String]> = []
        _ = expression.contains { node in
            if case .literal(.array(let names)) = node {
                let texts = names.compactMap { if case .string(let s) = $0 { s } else { nil } }
                if texts.count == names.count, !texts.isEmpty { out.insert(texts) }
            }
            return false
        }
        return out
    }
}
