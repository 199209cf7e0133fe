import FoundationEssentials
import Glibc
import SQLite
import Synchronization

/// The journal of all jobs of a data directory: which blocks are made, by whom, and which tiles failed.
///
/// Blocks are journalled in chunks along the order of their pass, so that a job of millions has thousands of rows. Its tables and
/// statements use nothing that PostgreSQL would not take as it stands. Any number of processes of one machine may have it open.
public final class JobJournal: Sendable {
    public let path: String
    private let database: Mutex<OpenDatabase>

    /// A connection has one user at a time.
    private struct OpenDatabase: ~Copyable {
        let connection: Connection
    }

    /// - Parameter directory: made when it is not there.
    /// - Throws: `storageFailed`, `storageFull`, `storageDamaged`.
    public init(directory: String) throws(JobError) {
        path = directory + "/jobs.db"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let connection = try Connection(path: path, access: .readWriteOrCreate, busyTimeoutInMilliseconds: 30_000)
            try Self.prepare(connection)
            database = Mutex(OpenDatabase(connection: connection))
        } catch {
            throw JobError.of(error, path: directory + "/jobs.db")
        }
    }

    private static func prepare(_ connection: borrowing Connection) throws {
        // Losing the last chunks to a power cut is no harm: they are made again.
        for sql in ["PRAGMA journal_mode = WAL", "PRAGMA synchronous = NORMAL"] { try connection.execute(sql) }
        try connection.transaction { connection in
            for sql in schema { try connection.execute(sql) }
        }
    }

    /// BIGINT and TEXT alone: what every database has.
    private static let schema = [
        """
        CREATE TABLE IF NOT EXISTS jobs (
            number BIGINT NOT NULL PRIMARY KEY, specification TEXT NOT NULL, fingerprint TEXT NOT NULL, state TEXT NOT NULL,
            owner TEXT NOT NULL, chunk_blocks BIGINT NOT NULL, created_seconds BIGINT NOT NULL, message TEXT NOT NULL, finisher TEXT)
        """,
        """
        CREATE TABLE IF NOT EXISTS job_passes (
            job BIGINT NOT NULL, pass BIGINT NOT NULL, matrix_set TEXT NOT NULL, format TEXT NOT NULL, level BIGINT NOT NULL,
            blocks BIGINT NOT NULL, tiles BIGINT NOT NULL, next_block BIGINT NOT NULL, PRIMARY KEY (job, pass))
        """,
        """
        CREATE TABLE IF NOT EXISTS job_heat (
            job BIGINT NOT NULL, pass BIGINT NOT NULL, block BIGINT NOT NULL, requests BIGINT NOT NULL,
            PRIMARY KEY (job, pass, block))
        """,
        """
        CREATE TABLE IF NOT EXISTS job_blocks (
            job BIGINT NOT NULL, pass BIGINT NOT NULL, first_block BIGINT NOT NULL, block_count BIGINT NOT NULL,
            state TEXT NOT NULL, claimant TEXT, attempts BIGINT NOT NULL, version TEXT NOT NULL,
            made BIGINT NOT NULL, empty BIGINT NOT NULL, known_empty BIGINT NOT NULL, failed BIGINT NOT NULL,
            bytes BIGINT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (job, pass, first_block))
        """,
        "CREATE INDEX IF NOT EXISTS job_blocks_by_state ON job_blocks (job, state)",
        """
        CREATE TABLE IF NOT EXISTS job_failures (
            job BIGINT NOT NULL, pass BIGINT NOT NULL, first_block BIGINT NOT NULL, tile_row BIGINT NOT NULL,
            tile_column BIGINT NOT NULL, reason TEXT NOT NULL, attempts BIGINT NOT NULL,
            PRIMARY KEY (job, pass, tile_row, tile_column))
        """,
    ]

    /// Runs `body` in one transaction.
    func write<Result: Sendable>(_ body: @Sendable (borrowing Connection) throws -> Result) throws(JobError) -> Result {
        do {
            return try database.withLock { try $0.connection.transaction(.immediate, body) }
        } catch {
            throw JobError.of(error, path: path)
        }
    }

    func read<Result: Sendable>(_ body: @Sendable (borrowing Connection) throws -> Result) throws(JobError) -> Result {
        do {
            return try database.withLock { try $0.connection.transaction(.deferred, body) }
        } catch {
            throw JobError.of(error, path: path)
        }
    }
}

extension Connection {
    /// What `row` makes of each row, in order.
    func rows<Row>(_ sql: String, _ arguments: [SQLiteValue], _ row: (borrowing Statement) throws -> Row) throws -> [Row] {
        try withStatement(sql) { statement in
            try statement.bind(arguments)
            var rows: [Row] = []
            while try statement.step() { rows.append(try row(statement)) }
            return rows
        }
    }
}

extension SQLiteValue {
    static func number(_ value: Int) -> SQLiteValue { .integer(Int64(value)) }
}
