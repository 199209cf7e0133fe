import HTTPTypes
import Hummingbird
import SeedJobs
import TileProduction
import Tiling
import Wording

/// `/admin/jobs`: what is seeded, how far it is, and what becomes of it.
struct JobRoutes {
    private static let bodyLimit = 1 << 20
    private static let failuresAtOnce = 1000

    let desk: JobDesk
    let gate: AdminGate

    func add(to router: Router<ServiceRequestContext>) {
        let jobs = router.group("/admin/jobs")
        jobs.get { request, context in
            try gate.check(request, from: context.remoteAddress)
            let journal = try await desk.openJournal()
            return try Self.answer(["jobs": .array(await documents(journal.jobs(), journal))])
        }
        jobs.post { request, context in
            try gate.check(request, from: context.remoteAddress)
            let (job, isJoined) = try await desk.create(JobRequest(body: Self.body(of: request)))
            return try await answer(job, status: isJoined ? .ok : .created)
        }
        jobs.get("{number}") { request, context in
            try gate.check(request, from: context.remoteAddress)
            return try await answer(desk.openJournal().job(Self.number(context)))
        }
        jobs.get("{number}/failed") { request, context in
            try gate.check(request, from: context.remoteAddress)
            return try await failed(Self.number(context))
        }
        jobs.post("{number}/{action}") { request, context in
            try gate.check(request, from: context.remoteAddress)
            return try await answer(act(Self.number(context), context.parameters.get("action") ?? ""))
        }
    }

    private func act(_ number: Int64, _ action: String) async throws -> JobRecord {
        switch action {
        case "pause": try await desk.pause(number)
        case "resume": try await desk.resume(number)
        case "cancel": try await desk.cancel(number)
        case "retry": try await desk.retry(number)
        default:
            throw ProblemError.notFound(
                zh: "作业没有操作“\(action.prefix(40))”；有 pause、resume、cancel、retry",
                en: "a job has no action \"\(action.prefix(40))\"; there are pause, resume, cancel and retry")
        }
    }

    private func failed(_ number: Int64) async throws -> Response {
        let journal = try await desk.openJournal()
        _ = try journal.job(number)
        let passes = try journal.passes(of: number)
        let failures = try journal.failures(of: number, limit: Self.failuresAtOnce)
        return try Self.answer([
            "failed": .array(
                failures.map { failure in
                    let pass = passes[failure.pass]
                    return [
                        "matrixSet": .string(pass.matrixSet), "format": .string(pass.format), "level": .integer(pass.level),
                        "column": .integer(failure.column), "row": .integer(failure.row), "attempts": .integer(failure.attempts),
                        "reason": .string(failure.reason),
                    ]
                })
        ])
    }

    private func answer(_ job: JobRecord, status: HTTPResponse.Status = .ok) async throws -> Response {
        let document = try await documents([job], desk.openJournal())[0]
        var response = try Self.answer(document, status: status)
        if status == .created { response.headers[.location] = "/admin/jobs/\(job.number)" }
        return response
    }

    private func documents(_ jobs: [JobRecord], _ journal: JobJournal) async throws -> [JSONDocument] {
        let faults = await desk.faults
        return try jobs.map { job in
            let progress = try journal.progress(of: job.number)
            let specification = try SeedSpecification(json: job.specification)
            return [
                "id": .integer(Int(job.number)), "state": .string(job.state.rawValue), "owner": .string(job.owner.rawValue),
                "created": .integer(Int(job.createdSeconds)), "map": .string(specification.map),
                "matrixSets": .strings(specification.matrixSets), "levels": .array(specification.levels.map { .integer($0) }),
                "formats": .strings(specification.formats), "area": .string(specification.area.name),
                "archive": specification.archive.map { .string($0) }, "expected": .integer(progress.expected),
                "made": .integer(progress.tally.made), "empty": .integer(progress.tally.empty),
                "knownEmpty": .integer(progress.tally.knownEmpty), "failed": .integer(progress.tally.failed),
                "bytes": .integer(progress.tally.bytes), "processes": .integer(progress.processes),
                "message": job.message.isEmpty ? nil : .string(job.message), "fault": faults[job.number].map { .string($0) },
            ]
        }
    }

    private static func answer(_ document: JSONDocument, status: HTTPResponse.Status = .ok) throws -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: document.bytes())))
    }

    private static func number(_ context: ServiceRequestContext) throws -> Int64 {
        let text = context.parameters.get("number") ?? ""
        guard let number = Int64(text), number > 0 else {
            throw ProblemError.notFound(zh: "没有作业“\(text.prefix(40))”", en: "there is no job \"\(text.prefix(40))\"")
        }
        return number
    }

    private static func body(of request: Request) async throws -> [UInt8] {
        do {
            return Array(try await request.body.collect(upTo: bodyLimit).readableBytesView)
        } catch {
            throw ProblemError(
                413, LocalisedText(zh: "请求体过大", en: "Too large"),
                LocalisedText(zh: "作业至多 \(bodyLimit) 字节", en: "a job of at most \(bodyLimit) bytes is taken"))
        }
    }
}
