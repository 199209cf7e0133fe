public import Foundation

/// The repository that the tests were built from.
public enum Repository {
    public static let directory = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    public static let path = directory.path(percentEncoded: false)
}
