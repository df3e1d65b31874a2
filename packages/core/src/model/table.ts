import type { Answer } from "./sink-api.ts"

/** What happens to one request, apart from how the table treats its rows. */
export const fates = [
  "answered",
  "lost_after_commit",
  "lost_before_commit",
  "busy",
  "locked",
  "nonsense_after_commit",
  "nonsense_before_commit",
  "hangs_after_commit",
  "hangs_before_commit",
] as const

export type Fate = (typeof fates)[number]

/** A marker in the column `event` makes the table refuse the row. */
export const markers = {
  known: "value known",
  unknown: "value unknown",
  unknown2: "value unknown2",
  page: "value page",
} as const

interface TableRow {
  id: string
  /** The column `event`. */
  mark: unknown
}

export interface TableRequest {
  readonly number: number
  readonly rows: readonly TableRow[]
  readonly bytes: number
  readonly body: string
  readonly placeholders: number
  readonly columns: number
  readonly args: number
  readonly claimedRows: number
  readonly fate: Fate
  /** Whether it stored its rows. */
  committed: boolean
  /** The decision of the table, even if no answer reports it to the sink. */
  decision: Answer | undefined
  /** The answer that the sink received. */
  answer: Answer | undefined
}

export interface ModelTable {
  /** Every request, in the order of arrival. */
  readonly requests: readonly TableRequest[]
  /** Requests without an answer that can be answered, oldest first. */
  readonly held: readonly TableRequest[]
  /** Requests that hang. */
  readonly hanging: readonly TableRequest[]
  send(request: { body: string; bytes: number; rows: number }): Promise<Answer>
  /** Answers one held request. */
  answer(which: number): void
  /** Ends the requests that hang. */
  endHanging(): void
  arm(fate: Fate): void
  /** Lets every later request take effect and be answered. */
  heal(): void
  /** Changes the server after so many more answers, or at once. */
  changeAfter(answers: number, change: Partial<Server>): void
  has(id: string): boolean
  /** How often a row was inserted. */
  copies(id: string): number
}

interface Server {
  /** The largest body that it accepts. */
  maxBytes: number
  /** Whether the credentials are wrong. */
  isDenied: boolean
  /** Whether it refuses marked rows. */
  isStrict: boolean
}

const healthy: Server = { maxBytes: Number.POSITIVE_INFINITY, isDenied: false, isStrict: true }

export interface TableParts {
  deduplicate: boolean
  /** A request takes effect when it arrives, or else when it is answered. */
  isEager: boolean
  /** Called with each request when it arrives. */
  arrived(request: TableRequest): void
}

/** A table, and the transport in front of it. Every request is held until the model answers it. */
export function createModelTable({ deduplicate, isEager, arrived }: TableParts): ModelTable {
  const requests: TableRequest[] = []
  const held: TableRequest[] = []
  const hanging: TableRequest[] = []
  const armed: Fate[] = []
  const resolvers = new Map<TableRequest, (answer: Answer) => void>()
  const rows = new Map<string, number>()
  const server: Server = { ...healthy }
  const changes: { answers: number; change: Partial<Server> }[] = []

  function decide(request: TableRequest): Answer {
    if (server.isDenied) return { status: "error", fault: "denied" }
    if (request.bytes > server.maxBytes) return { status: "too_large" }
    for (const { mark } of server.isStrict ? request.rows : []) {
      if (mark === markers.known) return { status: "error", fault: "value" }
      if (mark === markers.unknown) return { status: "error", fault: "unknown" }
      if (mark === markers.page) return { status: "error", fault: "page" }
      if (mark === markers.unknown2) return { status: "error", fault: "unknown2" }
    }
    return { status: "inserted", rowsAffected: insert(request) }
  }

  function insert(request: TableRequest): number {
    let rowsAffected = 0
    request.committed = true
    for (const { id } of request.rows) {
      const copies = rows.get(id) ?? 0
      if (copies > 0 && deduplicate) continue
      rows.set(id, copies + 1)
      rowsAffected++
    }
    return rowsAffected
  }

  function takeEffect(request: TableRequest): void {
    const { fate } = request
    if (fate !== "busy" && fate !== "locked" && !fate.endsWith("before_commit")) {
      request.decision ??= decide(request)
    }
  }

  function conclude(request: TableRequest): void {
    takeEffect(request)
    const answer = toAnswer(request)
    request.answer = answer
    resolvers.get(request)?.(answer)
    resolvers.delete(request)
    for (const change of changes) change.answers--
    changeServer()
  }

  function changeServer(): void {
    for (const { change } of changes.filter(({ answers }) => answers <= 0)) Object.assign(server, change)
    changes.splice(0, changes.length, ...changes.filter(({ answers }) => answers > 0))
  }

  return {
    requests,
    held,
    hanging,
    send({ body, bytes, rows }) {
      const request = { ...readBody(body), bytes, claimedRows: rows, fate: armed.shift() ?? "answered" }
      const entry: TableRequest = {
        ...request,
        number: requests.length + 1,
        committed: false,
        decision: undefined,
        answer: undefined,
      }
      requests.push(entry)
      arrived(entry)
      if (isEager) takeEffect(entry)
      if (entry.fate.startsWith("hangs")) hanging.push(entry)
      else held.push(entry)
      return new Promise(resolve => resolvers.set(entry, resolve))
    },
    answer(which) {
      for (const request of held.splice(which % Math.max(1, held.length), 1)) conclude(request)
    },
    endHanging() {
      for (const request of hanging.splice(0)) conclude(request)
    },
    arm: fate => armed.push(fate),
    heal() {
      armed.length = 0
      changes.length = 0
      Object.assign(server, healthy)
    },
    changeAfter(answers, change) {
      changes.push({ answers, change })
      changeServer()
    },
    has: id => rows.has(id),
    copies: id => rows.get(id) ?? 0,
  }
}

function toAnswer({ fate, decision }: TableRequest): Answer {
  if (fate === "busy" || fate === "locked") return { status: "error", fault: fate }
  if (fate.startsWith("nonsense")) return { status: "nonsense" }
  if (fate === "answered" && decision !== undefined) return decision
  return { status: "error", fault: "lost" }
}

/** Reads a body as the server does. */
function readBody(body: string): Pick<TableRequest, "rows" | "body" | "placeholders" | "columns" | "args"> {
  const { sql, args } = JSON.parse(body) as { sql: string; args: unknown[] }
  const values = sql.indexOf(" VALUES ")
  const { columns, mark } = readNames(sql.slice(sql.indexOf("(") + 1, values - 1))
  const rows: TableRow[] = []
  for (let at = 0; at < args.length; at += columns) rows.push({ id: String(args[at]), mark: args[at + mark] })
  return { rows, body, placeholders: sql.slice(values).split("?").length - 1, columns, args: args.length }
}

const statements = new Map<string, { columns: number; mark: number }>()

/** How many columns an insert has, and which of them is the column `event`. */
function readNames(list: string): { columns: number; mark: number } {
  const known = statements.get(list)
  if (known !== undefined) return known
  const names = list.split(/, ?/).map(name => name.replaceAll("`", ""))
  const read = { columns: names.length, mark: names.indexOf("event") }
  statements.set(list, read)
  return read
}
