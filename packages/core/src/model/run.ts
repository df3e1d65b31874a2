import fc from "fast-check"
import {
  type Command,
  describeCommand,
  describePlan,
  type Plan,
  type PlanOptions,
  plans,
} from "./commands.ts"
import { checkDeadline, checkEnd, checkRequest, checkStep, createCheck, type Law, LawError } from "./laws.ts"
import type { TableRequest } from "./table.ts"
import { createWorld, type World } from "./world.ts"

export interface ModelOptions extends PlanOptions {
  /** @default a different one each time */
  seed?: number | undefined
  /** How many sequences of commands. @default 1000 */
  runs?: number | undefined
  /** Laws that are not checked. */
  withoutLaws?: readonly Law[] | undefined
}

export interface ModelReport {
  seed: number
  runs: number
  commands: number
  requests: number
  seconds: number
}

/**
 * Drives the sink through random sequences of commands and checks its laws at every step.
 *
 * @throws Error with the shortest sequence that was found to break a law, and the seed
 */
export async function runModel(options: ModelOptions = {}): Promise<ModelReport> {
  const { seed = Date.now() % 2 ** 31, runs = 1_000, withoutLaws = [] } = options
  const startedAt = performance.now()
  let commands = 0
  let requests = 0
  let tried = 0
  let failedAfter: number | undefined
  const property = fc.asyncProperty(plans(options), async plan => {
    tried++
    try {
      const world = await runPlan(plan, withoutLaws)
      commands += plan.commands.length
      requests += world.table.requests.length
    } catch (error) {
      failedAfter ??= tried
      throw error
    }
  })
  // Collecting the stacks of the errors that the transport makes would take most of the time.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const result = await fc.check(property, { seed, numRuns: runs })
  Error.stackTraceLimit = stackTraceLimit
  const seconds = (performance.now() - startedAt) / 1_000
  if (!result.failed) return { seed, runs, commands, requests, seconds }
  const [shrunk] = result.counterexample as [Plan]
  const plan = await dropCommands(shrunk, withoutLaws)
  throw new Error(
    [
      `A law of the sink is broken. Seed ${seed}, run ${failedAfter} of ${runs}, ${seconds.toFixed(1)} s with ${result.numShrinks} shrinks.`,
      String(await findBroken(plan, withoutLaws)),
      describePlan(plan),
      "What happened:",
      ...(await tracePlan(plan, withoutLaws)),
      `Plan: ${JSON.stringify(plan)}`,
    ].join("\n"),
  )
}

/** Leaves out each command and each row that is not needed to break the same law. */
async function dropCommands(plan: Plan, withoutLaws: readonly Law[]): Promise<Plan> {
  const law = (await findBroken(plan, withoutLaws))?.law
  for (const smaller of smallerPlans(plan)) {
    if ((await findBroken(smaller, withoutLaws))?.law === law) return dropCommands(smaller, withoutLaws)
  }
  return plan
}

function* smallerPlans({ settings, commands }: Plan): Generator<Plan> {
  for (const [index, command] of commands.entries()) {
    yield { settings, commands: commands.filter((_, at) => at !== index) }
    if (!("rows" in command)) continue
    if ("copies" in command && command.copies > 1) {
      const copies = command.copies - 1
      yield { settings, commands: commands.map((each, at) => (at === index ? { ...command, copies } : each)) }
    }
    for (const row of command.rows.keys()) {
      const rows = command.rows.filter((_, at) => at !== row)
      if (rows.length > 0)
        yield { settings, commands: commands.map((each, at) => (at === index ? { ...command, rows } : each)) }
    }
  }
}

async function findBroken(plan: Plan, withoutLaws: readonly Law[]): Promise<LawError | undefined> {
  try {
    await runPlan(plan, withoutLaws)
    return undefined
  } catch (error) {
    if (error instanceof LawError) return error
    throw error
  }
}

/** Runs one sequence of commands. @throws LawError */
async function runPlan(
  { settings, commands }: Plan,
  withoutLaws: readonly Law[] = [],
  trace?: string[],
): Promise<World> {
  const check = createCheck(withoutLaws)
  const broken: unknown[] = []
  const world = createWorld({
    settings,
    arrived(world, request) {
      trace?.push(`  request ${request.number}: ${describeRows(request)} (${request.fate})`)
      try {
        checkRequest(world, request, check)
      } catch (error) {
        // It is not thrown here, because the sink would take it for an error of the transport.
        broken.push(error)
      }
    },
  })
  const { table, clock } = world
  let isHeld = false
  const settled = new Set<unknown>()
  const answered = new Set<unknown>()

  /** Lets the sink do everything that it can do now, and checks the laws. */
  async function step(): Promise<void> {
    await drained()
    if (trace !== undefined) note()
    if (broken.length > 0) throw broken[0]
    checkStep(world, check)
  }

  async function settle(): Promise<void> {
    await step()
    while (!isHeld && table.held.length > 0) {
      table.answer(0)
      await step()
    }
  }

  async function advance(milliseconds: number): Promise<void> {
    const until = clock.now() + milliseconds
    for (;;) {
      const before = world.entries.filter(entry => entry.outcome === undefined)
      if (!clock.wakeNext(until)) break
      await drained()
      checkDeadline(world, before, check)
      await settle()
    }
    clock.set(until)
    await settle()
    for (const { kind, deadlineAt, isResolved } of world.waiters) {
      const isDue = settings.hasTimers && kind === "close" && deadlineAt <= until
      check("undelivered", !isDue || isResolved, () => "close has not resolved at its deadline")
    }
  }

  async function perform(command: Command): Promise<void> {
    trace?.push(describeCommand(command))
    if (command.do === "hold") isHeld = command.isHeld
    if (command.do === "advance") await advance(command.milliseconds)
    else {
      world.perform(command)
      await settle()
    }
  }

  async function endHanging(): Promise<void> {
    while (table.hanging.length > 0) {
      table.endHanging()
      await settle()
    }
  }

  async function end(): Promise<void> {
    await perform({ do: "hold", isHeld: false })
    if (!settings.hasTimers) await endHanging()
    await advance(3_600_000)
    const isStuck = table.hanging.length > 0
    const isDone = world.open.written + world.open.submitted === 0
    check(
      "settled",
      isDone || isStuck,
      () => "an event has no outcome an hour after all requests were answered",
    )
    const isClosed = world.waiters.some(({ kind }) => kind === "close")
    if (!isClosed && !isStuck) await probe()
    await perform({ do: "close", deadlineMs: 1_000 })
    await advance(1_000)
    await endHanging()
    await advance(3_600_000)
    checkEnd(world, check)
  }

  /** Checks that a good event is stored when the server is healthy again, whatever happened before. */
  async function probe(): Promise<void> {
    table.heal()
    await perform({ do: "write", rows: [{ kind: "good", padding: 0 }] })
    await advance(3_600_000)
    const outcome = world.entries.at(-1)?.outcome
    check("recovers", outcome?.status === "stored", () => `a last event: ${JSON.stringify(outcome)}`)
  }

  function note(): void {
    for (const request of table.requests) {
      if (request.answer === undefined || answered.has(request)) continue
      answered.add(request)
      const what = request.answer.status === "error" ? request.answer.fault : request.answer.status
      trace?.push(`  answer ${request.number}: ${what}${request.committed ? " (committed)" : ""}`)
    }
    for (const entry of [...world.entries, ...world.waiters]) {
      const isOver = "id" in entry ? entry.outcome !== undefined : entry.isResolved
      if (!isOver || settled.has(entry)) continue
      settled.add(entry)
      trace?.push(
        "id" in entry ? `  ${entry.id}: ${JSON.stringify(entry.outcome)}` : `  ${entry.kind} resolves`,
      )
    }
  }

  for (const command of commands) await perform(command)
  trace?.push("the end")
  await end()
  return world
}

/** The trace of a sequence of commands, line by line. */
async function tracePlan(plan: Plan, withoutLaws: readonly Law[] = []): Promise<string[]> {
  const trace: string[] = []
  try {
    await runPlan(plan, withoutLaws, trace)
  } catch (error) {
    if (!(error instanceof LawError)) throw error
    trace.push(String(error))
  }
  return trace
}

function describeRows({ rows }: TableRequest): string {
  const ids = rows.map(({ id }) => id)
  return ids.length > 6 ? `${ids[0]} … ${ids.at(-1)}, ${ids.length} rows` : ids.join(", ")
}

/** The next tick comes when the queue of microtasks is empty. */
function drained(): Promise<void> {
  return new Promise(resolve => process.nextTick(resolve))
}
