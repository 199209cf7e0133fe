import Raster

/// In which order the layers of a picture are painted.
///
/// Tiles are painted from the first layer to the last. Clients paint opaque grounds in a pass of their own before all
/// else and test the depth of what comes later; heatmaps alone are laid on without that test, so that they show through
/// a ground above them.
enum PassOrder {
    static func indices(of layers: [ZoomedLayer], _ frame: RenderFrame) -> [Int] {
        guard frame.followsClients, let ground = layers.lastIndex(where: { isOpaqueGround($0, frame) }), ground > 0 else {
            return Array(layers.indices)
        }
        let surfaces = layers.indices.filter { $0 < ground && layers[$0].kind == .heatmap }
        return [ground] + surfaces + layers.indices.filter { $0 > ground }
    }

    private static func isOpaqueGround(_ layer: ZoomedLayer, _ frame: RenderFrame) -> Bool {
        layer.kind == .background && layer.image("background-pattern", frame.context) == nil
            && layer.number("background-opacity", frame.context) >= 1
            && layer.colour("background-color", frame.context).alpha == 255
    }
}
