import Testing
@testable import Portrayal
