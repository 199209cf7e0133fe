internal import SQLite

/// The tables that make a file a GeoPackage 1.3 and a registry.
enum GeoPackageSchema {
    /// Makes an empty database a GeoPackage without contents.
    static func install(in connection: borrowing Connection) throws {
        try connection.execute("PRAGMA application_id = \(applicationID)")
        try connection.execute("PRAGMA user_version = \(userVersion)")
        try connection.execute(standardTables)
        try connection.execute(undefinedReferenceSystems)
    }


    /// `GPKG`, big-endian.
    private static let applicationID: Int64 = 0x4750_4B47
    private static let userVersion: Int64 = 10_300
    /// Of the registry's own tables; a file with a higher one belongs to a later program.
    static let registryVersion: Int64 = 3

    /// OGC 12-128r17 annex C.
    private static let standardTables = """
        CREATE TABLE gpkg_spatial_ref_sys (
          srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
          organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
        CREATE TABLE gpkg_contents (
          table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
          last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
          min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
          CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
        CREATE TABLE gpkg_geometry_columns (
          table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
          z TINYINT NOT NULL, m TINYINT NOT NULL,
          CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
          CONSTRAINT uk_gc_table_name UNIQUE (table_name),
          CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
          CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
        CREATE TABLE gpkg_extensions (
          table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
          CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
        CREATE TABLE gpkg_data_columns (
          table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT, mime_type TEXT,
          constraint_name TEXT,
          CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
          CONSTRAINT gdc_tn UNIQUE (table_name, name));
        CREATE TABLE gpkg_data_column_constraints (
          constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC, min_is_inclusive BOOLEAN,
          max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
          CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
        INSERT INTO gpkg_extensions VALUES
          ('gpkg_data_columns', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write'),
          ('gpkg_data_column_constraints', NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema',
           'read-write');
        """

    /// `workmap_layers` is listed as attributes: an operator can read it in a GIS, and a listing then shows nothing
    /// that `gpkg_contents` does not name, a version still being written least of all. The extension is `write-only`
    /// (clause 2.4.2): the tables can be read without knowing it, and a reader that does not need not warn.
    static let registryTables = """
        CREATE TABLE workmap_layers (
          id INTEGER PRIMARY KEY, layer TEXT NOT NULL UNIQUE COLLATE NOCASE, title TEXT, geometry TEXT NOT NULL, crs TEXT,
          fields TEXT NOT NULL, feature_count INTEGER NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
          version INTEGER NOT NULL, content_hash TEXT NOT NULL, imported_at TEXT NOT NULL, sources TEXT NOT NULL,
          report TEXT);
        CREATE TABLE workmap_versions (
          version INTEGER PRIMARY KEY AUTOINCREMENT, layer TEXT NOT NULL, table_name TEXT NOT NULL, state TEXT NOT NULL,
          started_at TEXT NOT NULL, ended_at TEXT);
        CREATE TABLE workmap_state (id INTEGER PRIMARY KEY CHECK (id = 1), registry_version INTEGER NOT NULL, changes INTEGER NOT NULL);
        INSERT INTO workmap_state VALUES (1, \(registryVersion), 0);
        INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
          ('workmap_layers', 'attributes', 'workmap_layers', 'catalogue of the layers in this registry');
        INSERT INTO gpkg_extensions VALUES
          ('workmap_layers', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only'),
          ('workmap_versions', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only'),
          ('workmap_state', NULL, 'workmap_registry', 'ARCHITECTURE.md of workmap: registry', 'write-only');
        """

    /// The rows every GeoPackage has (clause 1.1.2.1.2) besides WGS 84.
    private static let undefinedReferenceSystems = """
        INSERT INTO gpkg_spatial_ref_sys VALUES
          ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
          ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system');
        """
}
