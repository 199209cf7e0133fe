extension SourceBytes {
    /// 3 when the bytes begin with UTF-8's byte order mark, else 0.
    var lengthOfByteOrderMark: Int {
        withBytes { bytes in bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF ? 3 : 0 }
    }

    /// The encoding that a byte order mark of UTF-16 names.
    var wideEncoding: String? {
        withBytes { bytes in
            guard bytes.count >= 2 else { return nil }
            return bytes[0] == 0xFF && bytes[1] == 0xFE ? "UTF-16LE" : bytes[0] == 0xFE && bytes[1] == 0xFF ? "UTF-16BE" : nil
        }
    }

    /// The same text in UTF-8: itself when `encoding` is `nil` or UTF-8 and no mark says UTF-16.
    ///
    /// - Throws: `ReaderError` when the bytes are not in the encoding, naming the first that is not.
    func transcodedToUTF8(encoding: String?, limits: ReaderLimits) throws(ReaderError) -> SourceBytes {
        guard let encoding = encoding ?? wideEncoding else { return self }
        let decoder = try TextDecoder(name: encoding)
        if decoder.isUTF8 { return self }
        guard count <= limits.archiveBytes else {
            throw ReaderError(
                code: .limitExceeded, message: "\(name): \(count) bytes are too many to convert from \(encoding); convert the file to UTF-8 first")
        }
        var output: [UInt8] = []
        let skipped = wideEncoding == nil ? 0 : 2
        let consumed = withBytes { bytes in
            unsafe bytes.withUnsafeBufferPointer { unsafe decoder.convert(UnsafeBufferPointer(rebasing: $0[skipped...]), to: &output) }
        }
        guard consumed + skipped == count else {
            throw ReaderError(
                code: .encodingWrong,
                message: "\(name): byte \(consumed + skipped) does not belong to \(encoding); give the encoding that the file was saved in")
        }
        return SourceBytes(name: name, bytes: output)
    }
}
