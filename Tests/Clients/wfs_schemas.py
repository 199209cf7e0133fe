"""Validates WFS documents without the network.

OGC's schemas of OWS Common, GML and Filter Encoding are those that the package pycsw carries. What WFS 2.0 has around them is
written here, no more of it than answers use; the features between are judged by the service's own DescribeFeatureType.
"""
import importlib.util
import pathlib

from lxml import etree

FRAME = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:ows="http://www.opengis.net/ows/1.1"
  xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xml="http://www.w3.org/XML/1998/namespace"
  targetNamespace="http://www.opengis.net/wfs/2.0" elementFormDefault="qualified">
<xsd:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="{root}/w3c/2001/xml.xsd"/>
<xsd:import namespace="http://www.w3.org/1999/xlink" schemaLocation="{root}/w3c/1999/xlink.xsd"/>
<xsd:import namespace="http://www.opengis.net/ows/1.1" schemaLocation="{root}/ogc/ows/1.1.0/owsAll.xsd"/>
<xsd:import namespace="http://www.opengis.net/fes/2.0" schemaLocation="{root}/ogc/filter/2.0/filterAll.xsd"/>
<xsd:complexType name="Text"><xsd:simpleContent><xsd:extension base="xsd:string"><xsd:attribute ref="xml:lang"/></xsd:extension></xsd:simpleContent></xsd:complexType>
<xsd:element name="Title" type="wfs:Text"/>
<xsd:element name="Abstract" type="wfs:Text"/>

<xsd:element name="WFS_Capabilities"><xsd:complexType><xsd:complexContent><xsd:extension base="ows:CapabilitiesBaseType"><xsd:sequence>
  <xsd:element ref="wfs:FeatureTypeList" minOccurs="0"/><xsd:element ref="fes:Filter_Capabilities" minOccurs="0"/>
</xsd:sequence></xsd:extension></xsd:complexContent></xsd:complexType></xsd:element>
<xsd:element name="FeatureTypeList"><xsd:complexType><xsd:sequence>
  <xsd:element name="FeatureType" type="wfs:FeatureTypeType" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType></xsd:element>
<xsd:complexType name="FeatureTypeType"><xsd:sequence>
  <xsd:element name="Name" type="xsd:QName"/>
  <xsd:element ref="wfs:Title" minOccurs="0" maxOccurs="unbounded"/>
  <xsd:element ref="wfs:Abstract" minOccurs="0" maxOccurs="unbounded"/>
  <xsd:element ref="ows:Keywords" minOccurs="0" maxOccurs="unbounded"/>
  <xsd:choice>
    <xsd:sequence><xsd:element name="DefaultCRS" type="xsd:anyURI"/><xsd:element name="OtherCRS" type="xsd:anyURI" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence>
    <xsd:element name="NoCRS"><xsd:complexType/></xsd:element>
  </xsd:choice>
  <xsd:element name="OutputFormats" minOccurs="0"><xsd:complexType><xsd:sequence><xsd:element name="Format" type="xsd:string" maxOccurs="unbounded"/></xsd:sequence></xsd:complexType></xsd:element>
  <xsd:element ref="ows:WGS84BoundingBox" minOccurs="0" maxOccurs="unbounded"/>
  <xsd:element name="MetadataURL" minOccurs="0" maxOccurs="unbounded"><xsd:complexType><xsd:attributeGroup ref="xlink:simpleAttrs"/><xsd:attribute name="about" type="xsd:anyURI"/></xsd:complexType></xsd:element>
</xsd:sequence></xsd:complexType>

<xsd:simpleType name="Matched"><xsd:union><xsd:simpleType><xsd:restriction base="xsd:string"><xsd:enumeration value="unknown"/></xsd:restriction></xsd:simpleType>
  <xsd:simpleType><xsd:restriction base="xsd:nonNegativeInteger"/></xsd:simpleType></xsd:union></xsd:simpleType>
<xsd:attributeGroup name="Response">
  <xsd:attribute name="timeStamp" type="xsd:dateTime" use="required"/><xsd:attribute name="numberMatched" type="wfs:Matched" use="required"/>
  <xsd:attribute name="numberReturned" type="xsd:nonNegativeInteger" use="required"/>
  <xsd:attribute name="next" type="xsd:anyURI"/><xsd:attribute name="previous" type="xsd:anyURI"/>
</xsd:attributeGroup>
<xsd:element name="member"><xsd:complexType mixed="true"><xsd:choice minOccurs="0"><xsd:any processContents="strict" namespace="##other"/></xsd:choice></xsd:complexType></xsd:element>
<xsd:complexType name="Collection"><xsd:sequence><xsd:element ref="wfs:member" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence><xsd:attributeGroup ref="wfs:Response"/></xsd:complexType>
<xsd:element name="FeatureCollection" type="wfs:Collection"/>
<xsd:element name="ValueCollection"><xsd:complexType><xsd:sequence><xsd:element name="member" minOccurs="0" maxOccurs="unbounded">
  <xsd:complexType mixed="true"><xsd:choice minOccurs="0"><xsd:any processContents="lax" namespace="##other"/></xsd:choice></xsd:complexType></xsd:element>
</xsd:sequence><xsd:attributeGroup ref="wfs:Response"/></xsd:complexType></xsd:element>

<xsd:element name="ListStoredQueriesResponse"><xsd:complexType><xsd:sequence><xsd:element name="StoredQuery" minOccurs="0" maxOccurs="unbounded"><xsd:complexType>
  <xsd:sequence><xsd:element ref="wfs:Title" minOccurs="0" maxOccurs="unbounded"/><xsd:element name="ReturnFeatureType" type="xsd:QName" maxOccurs="unbounded"/></xsd:sequence>
  <xsd:attribute name="id" type="xsd:anyURI" use="required"/></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element>
<xsd:simpleType name="QNames"><xsd:list itemType="xsd:QName"/></xsd:simpleType>
<xsd:element name="DescribeStoredQueriesResponse"><xsd:complexType><xsd:sequence><xsd:element name="StoredQueryDescription" minOccurs="0" maxOccurs="unbounded"><xsd:complexType>
  <xsd:sequence><xsd:element ref="wfs:Title" minOccurs="0" maxOccurs="unbounded"/><xsd:element ref="wfs:Abstract" minOccurs="0" maxOccurs="unbounded"/>
  <xsd:element ref="ows:Metadata" minOccurs="0" maxOccurs="unbounded"/>
  <xsd:element name="Parameter" minOccurs="0" maxOccurs="unbounded"><xsd:complexType><xsd:sequence><xsd:element ref="wfs:Title" minOccurs="0" maxOccurs="unbounded"/></xsd:sequence>
    <xsd:attribute name="name" type="xsd:string" use="required"/><xsd:attribute name="type" type="xsd:QName" use="required"/></xsd:complexType></xsd:element>
  <xsd:element name="QueryExpressionText" maxOccurs="unbounded"><xsd:complexType mixed="true"><xsd:choice><xsd:any minOccurs="0" maxOccurs="unbounded" namespace="##other" processContents="skip"/></xsd:choice>
    <xsd:attribute name="returnFeatureTypes" type="wfs:QNames" use="required"/><xsd:attribute name="language" type="xsd:anyURI" use="required"/><xsd:attribute name="isPrivate" type="xsd:boolean"/></xsd:complexType></xsd:element>
  </xsd:sequence><xsd:attribute name="id" type="xsd:anyURI" use="required"/></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element>
</xsd:schema>
"""
TOGETHER = """<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema">
<xsd:import namespace="http://www.opengis.net/wfs/2.0" schemaLocation="wfs.xsd"/>
<xsd:import namespace="urn:workmap:features" schemaLocation="features.xsd"/>
</xsd:schema>
"""


def available():
    return importlib.util.find_spec("pycsw") is not None


class Schemas:
    """What documents are judged by, once the service has described its feature types."""

    def __init__(self, described, scratch):
        """`described`: the bytes of DescribeFeatureType for all types."""
        package = pathlib.Path(importlib.util.find_spec("pycsw").submodule_search_locations[0])
        root = package / "core/schemas"
        folder = pathlib.Path(scratch) / "schemas"
        folder.mkdir(exist_ok=True)
        (folder / "wfs.xsd").write_text(FRAME.replace("{root}", root.as_uri()))
        own = described.replace(b"http://schemas.opengis.net/gml/3.2.1/gml.xsd", (root / "ogc/gml/3.2.1/gml.xsd").as_uri().encode())
        (folder / "features.xsd").write_bytes(own)
        (folder / "together.xsd").write_text(TOGETHER)
        self.schema = etree.XMLSchema(etree.parse(str(folder / "together.xsd"), etree.XMLParser(no_network=True)))

    def complaints(self, document):
        """What is wrong with a document; empty when it is valid."""
        tree = etree.fromstring(document)
        if self.schema.validate(tree):
            return ""
        return "; ".join(f"line {each.line}: {each.message}" for each in list(self.schema.error_log)[:3])
