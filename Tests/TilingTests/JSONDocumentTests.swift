import Foundation
import TestSupport
import Testing

@testable import Tiling

@Suite struct JSONDocumentTests {
    @Test func membersKeepTheirOrderAndNilIsLeftOut() {
        let text: JSONDocument = ["z": 1, "a": [1.5, 2.0, 1e21, -0.1], "none": nil, "null": .null, "on": true, "t": "滘\"\\\n\u{1}"]
        #expect(String(decoding: text.bytes(), as: UTF8.self)
            == #"{"z":1,"a":[1.5,2,1e+21,-0.1],"null":null,"on":true,"t":"滘\"\\\n\u0001"}"#)
        #expect(String(decoding: (["a": [1, 2], "b": [], "c": ["x": 1]] as JSONDocument).bytes(indent: 2), as: UTF8.self)
            == "{\n  \"a\": [1,2],\n  \"b\": [],\n  \"c\": {\n    \"x\": 1\n  }\n}")
        #expect(text["z"] == 1 && text["none"] == nil)
        #expect(String(decoding: JSONDocument.number(.nan).bytes(), as: UTF8.self) == "null")
    }

    @Test func numbersReadBackExactly() throws {
        let seed: UInt64 = 7
        print("seed \(seed)")
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            let number = Double(bitPattern: random.next())
            guard number.isFinite else { continue }
            #expect(Double(String(decoding: JSONDocument.number(number).bytes(), as: UTF8.self)) == number)
        }
        let value = try JSONDecoder().decode([Double].self, from: Data(JSONDocument.numbers([0.1, 1e-7, 20037508.342789244]).bytes()))
        #expect(value == [0.1, 1e-7, 20037508.342789244])
    }

    @Test func crsSpellings() {
        for text in ["EPSG:4490", "epsg:4490", "urn:ogc:def:crs:EPSG::4490", "http://www.opengis.net/def/crs/EPSG/0/4490",
            "https://www.opengis.net/def/crs/EPSG/0/4490", "[EPSG:4490]"] {
            #expect(CRSIdentifier(text)?.description == "EPSG:4490", "\(text)")
        }
        for text in ["CRS84", "", "EPSG:", ":4490", "EPSG:44 90", "a:b:c:d", "http://example.com/def/crs/EPSG/0/4490"] {
            #expect(CRSIdentifier(text) == nil, "\(text)")
        }
        #expect(CRSIdentifier("OGC:CRS84") == .crs84 && CRSIdentifier("CRS:84") == .crs84)
        #expect(CRSIdentifier("http://www.opengis.net/def/crs/OGC/1.3/CRS84") == .crs84)
        #expect(CRSIdentifier.crs84.urn == "urn:ogc:def:crs:OGC:1.3:CRS84")
        #expect(CRSIdentifier("EPSG:4490")?.urn == "urn:ogc:def:crs:EPSG::4490")
    }
}
