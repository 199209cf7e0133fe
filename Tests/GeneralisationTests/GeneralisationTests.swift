import Testing
@testable import Generalisation
