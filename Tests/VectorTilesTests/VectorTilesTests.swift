import Testing
@testable import VectorTiles
