import Testing
@testable import Reprojection
