"""Validates WMTS capabilities with xmllint, without the network."""
import pathlib
import subprocess

XLINK = """<schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:xlink="http://www.w3.org/1999/xlink"
  targetNamespace="http://www.w3.org/1999/xlink">
<attribute name="href" type="anyURI"/><attribute name="type" type="string"/><attribute name="role" type="anyURI"/>
<attribute name="arcrole" type="anyURI"/><attribute name="title" type="string"/><attribute name="show" type="string"/>
<attribute name="actuate" type="string"/>
<attributeGroup name="simpleLink"><attribute ref="xlink:href"/><attribute ref="xlink:type"/><attribute ref="xlink:role"/>
<attribute ref="xlink:arcrole"/><attribute ref="xlink:title"/><attribute ref="xlink:show"/><attribute ref="xlink:actuate"/>
</attributeGroup>
<attributeGroup name="simpleAttrs"><attributeGroup ref="xlink:simpleLink"/></attributeGroup>
</schema>
"""
XML = """<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
<attribute name="lang" type="string"/></schema>
"""
# Where the schemas refer to each other by address they are sent to their neighbours; GML and requests are not needed.
REFERENCES = [
    ("http://schemas.opengis.net/ows/1.1.0/", "../../ows/1.1.0/"),
    ("http://www.w3.org/1999/xlink.xsd", "../../xlink/1.0.0/xlinks.xsd"),
    ("http://www.w3.org/2001/xml.xsd", "../../xml.xsd"),
    ('<include schemaLocation="wmts.xsd"/>', ""),
    ('<import namespace="http://www.w3.org/XML/1998/namespace"/>',
     '<import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="../../xml.xsd"/>'),
]


def complaints(schemas, document, scratch):
    """What xmllint says against the document; empty when it is valid."""
    root = pathlib.Path(scratch) / "schemas"
    sources = schemas / "wmts-1.0"
    for folder, name in (("ows/1.1.0", "xsd-ows/src/main/resources/org/geotools/ows/v1_1/*.xsd"),
                         ("wmts/1.0", "xsd-wmts/src/main/resources/org/geotools/wmts/wmtsGetCapabilities_response.xsd")):
        target = root / folder
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted(sources.glob(name)):
            text = file.read_text(encoding="utf-8")
            for reference, neighbour in REFERENCES:
                text = text.replace(reference, neighbour)
            (target / file.name).write_text(text, encoding="utf-8")
    (root / "xlink/1.0.0").mkdir(parents=True, exist_ok=True)
    (root / "xlink/1.0.0/xlinks.xsd").write_text(XLINK)
    (root / "xml.xsd").write_text(XML)
    (root / "document.xml").write_bytes(document)
    result = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--schema", str(root / "wmts/1.0/wmtsGetCapabilities_response.xsd"), str(root / "document.xml")],
        capture_output=True, text=True, timeout=60)
    return "" if result.returncode == 0 else result.stderr
