import type { DataApi } from "@singlesink/data-api"
import { quoteText } from "../quote-text.ts"
import type { Statements } from "../statements.ts"
import type { Catalog } from "./catalog.ts"
import { toEventQuery } from "./event-view.ts"
import { inferProperties } from "./infer.ts"
import { createNames, fold, toSnakeCase } from "./names.ts"
import { mostEvents, type Range, readEvents, readValues } from "./sample.ts"
import { type Source, toViewStatements } from "./source.ts"
import { findAudiences, type TraitColumns, toAudiencesQuery, toTraitsQuery } from "./traits-view.ts"

/** The statements, and the views that they replace. */
export interface Plan extends Statements {
  readonly replaced: readonly string[]
}

/** Reads rows, infers types, and plans the views. */
export async function planViews(
  api: DataApi,
  source: Source,
  { tables, views }: Catalog,
  prefix: string,
  range: Range,
): Promise<Plan> {
  const notes = toHeader(range)
  const statements: string[] = []
  const replaced: string[] = []
  const names = createNames([])
  const tableNames = new Set(tables.map(fold))

  const add = (wanted: string, meaning: string, sql: string, viewNotes: readonly string[] = []) => {
    const name = names.take(prefix + wanted)
    if (tableNames.has(fold(name))) {
      notes.push(`${name}: skipped, because there is a table with this name. Pass --prefix.`)
      return
    }
    notes.push(`${name}: ${meaning}.`, ...viewNotes.map(note => `${name}.${note}`))
    if (views.includes(name)) {
      replaced.push(name)
      notes.push(`${name}: a view with this name exists and is replaced.`)
    }
    statements.push(...toViewStatements(name, sql))
  }

  await addTraits(api, source, range, add, notes)
  await addEvents(api, source, range, add, notes)
  return { notes, statements, replaced }
}

function toHeader({ since, rows }: Range): string[] {
  return [
    `The columns come from the newest ${rows.toLocaleString("en")} rows of each event${since === undefined ? "" : ` since ${since.slice(0, 10)}`}. Run the command again when events change.`,
    "In a column of numbers a later value of another type reads as 0 or NULL. Booleans are 1 and 0.",
  ]
}

type Add = (wanted: string, meaning: string, sql: string, notes?: readonly string[]) => void

async function addTraits(
  api: DataApi,
  source: Source,
  range: Range,
  add: Add,
  notes: string[],
): Promise<void> {
  for (const [eventType, ownerPath, view] of [
    ["identify", "userId", "user_traits"],
    ["group", "groupId", "group_traits"],
  ] as const) {
    const columns = toTraitColumns(source, ownerPath)
    if (columns === undefined) {
      notes.push(
        `${view}: skipped, because --columns lacks type, ${ownerPath}, traits or a column with role "time".`,
      )
      continue
    }
    const values = await readValues(api, source, columns.traits, [[columns.type, eventType]], range)
    const { sql, notes: viewNotes } = toTraitsQuery(source, columns, eventType, inferProperties(values))
    add(view, `the newest ${eventType} event of each ${columns.owner}`, sql, viewNotes)
    if (eventType === "group") continue
    const audiences = findAudiences(values)
    if (audiences.length === 0) continue
    add(
      "audience_members",
      "the current members of each audience, for identify events with a single trait that is true or false",
      toAudiencesQuery(source, columns, audiences),
    )
    notes.push(
      `${audiences.map(quoteText).join(", ")}: an identify event of an audience has no other traits, so it hides them in ${view}.`,
    )
  }
}

function toTraitColumns({ columnOf, time }: Source, ownerPath: string): TraitColumns | undefined {
  const [type, owner, traits] = [columnOf("type"), columnOf(ownerPath), columnOf("traits")]
  if (type === undefined || owner === undefined || traits === undefined || time === undefined)
    return undefined
  return { type, owner, traits, time }
}

async function addEvents(
  api: DataApi,
  source: Source,
  range: Range,
  add: Add,
  notes: string[],
): Promise<void> {
  const [type, event, properties] = ["type", "event", "properties"].map(source.columnOf)
  if (type === undefined || event === undefined || properties === undefined) {
    notes.push("The views of events are skipped, because --columns lacks type, event or properties.")
    return
  }
  const events = await readEvents(api, source, range)
  if (events.length > mostEvents) {
    notes.push(
      `Only the ${mostEvents} most frequent events have a view. Names with ids in them make too many.`,
    )
  }
  const listed = events.slice(0, mostEvents).sort((one, other) => (one.event < other.event ? -1 : 1))
  for (const { event: name, rows } of listed) {
    const texts = [
      [type, "track"],
      [event, name],
    ] as const
    const values = await readValues(api, source, properties, texts, range)
    const query = toEventQuery(source, name, inferProperties(values))
    const meaning = `the event ${quoteText(name)}, ${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}`
    add(toSnakeCase(name, "event"), meaning, query.sql, query.notes)
  }
}
