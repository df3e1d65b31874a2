import { useEffect, useMemo, useRef, useState } from "preact/hooks"
import type { LiveEvent } from "../../src/live/protocol.ts"
import { type Filters, filterEvents, noFilters } from "./filters.ts"
import { toClock, toDuration, toPlural } from "./format.ts"
import { countSincePause, type LiveAction, type LiveState } from "./state.ts"

interface EventListProps {
  state: LiveState
  dispatch(action: LiveAction): void
  onSelect(event: LiveEvent): void
}

const types = ["track", "page", "screen", "identify", "group", "alias"]

/** The latest events with their filters. */
export function EventList({ state, dispatch, onSelect }: EventListProps) {
  const [filters, setFilters] = useState(noFilters)
  const { pausedEvents, skipped } = state
  const events = pausedEvents ?? state.events
  const shown = useMemo(() => filterEvents(events, filters), [events, filters])
  const isPaused = pausedEvents !== undefined
  return (
    <section aria-labelledby="events-title">
      <div class="bar">
        <h2 id="events-title">Events</h2>
        <FilterFields filters={filters} onChange={setFilters} />
        <button
          type="button"
          aria-pressed={isPaused}
          title="p"
          onClick={() => dispatch({ kind: isPaused ? "resume" : "pause" })}
        >
          {isPaused ? `Resume (${toPlural(countSincePause(state), "new event")})` : "Pause"}
        </button>
      </div>
      <table class="events">
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Type</th>
            <th scope="col">Name</th>
            <th scope="col">User</th>
            <th scope="col">Table</th>
            <th scope="col">Outcome</th>
            <th scope="col" class="number">
              To commit
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map(event => (
            <EventRow key={event.id} event={event} onSelect={onSelect} />
          ))}
        </tbody>
      </table>
      {shown.length === 0 && <p class="hint">No event in the list matches the filters.</p>}
      {skipped > 0 && (
        <p class="hint">
          The list is a sample. {toPlural(skipped, "more event")} since this page was opened{" "}
          {skipped === 1 ? "is" : "are"} counted above but not listed.
        </p>
      )}
    </section>
  )
}

function FilterFields({ filters, onChange }: { filters: Filters; onChange(filters: Filters): void }) {
  const search = useRef<HTMLInputElement>(null)
  useEffect(() => {
    function handleKey(event: KeyboardEvent): void {
      if (event.key !== "/" || event.target instanceof HTMLInputElement) return
      event.preventDefault()
      search.current?.focus()
    }
    addEventListener("keydown", handleKey)
    return () => removeEventListener("keydown", handleKey)
  }, [])
  return (
    <search class="filters">
      <input
        ref={search}
        type="search"
        placeholder="Filter by name, user, table or code  /"
        aria-label="Filter by name, user, table or code"
        value={filters.text}
        onInput={({ currentTarget }) => onChange({ ...filters, text: currentTarget.value })}
      />
      <select
        aria-label="Type"
        value={filters.type}
        onChange={({ currentTarget }) => onChange({ ...filters, type: currentTarget.value })}
      >
        <option value="">Every type</option>
        {types.map(type => (
          <option key={type}>{type}</option>
        ))}
      </select>
      <select
        aria-label="Outcome"
        value={filters.outcome}
        onChange={({ currentTarget }) =>
          onChange({ ...filters, outcome: currentTarget.value as Filters["outcome"] })
        }
      >
        <option value="">Every outcome</option>
        <option>stored</option>
        <option>rejected</option>
        <option>failed</option>
      </select>
    </search>
  )
}

function EventRow({ event, onSelect }: { event: LiveEvent; onSelect(event: LiveEvent): void }) {
  const { at, type, name, user, table, outcome, code, milliseconds } = event
  return (
    // The button serves the keyboard; a click anywhere in the row does the same.
    <tr class={outcome} onClick={() => onSelect(event)}>
      <td class="time">{toClock(at)}</td>
      <td class="type">{type}</td>
      <td class="name">
        <button type="button" aria-haspopup="dialog">
          {name || type || "unnamed"}
        </button>
      </td>
      <td class="user">{user}</td>
      <td class="table">{table}</td>
      <td class="outcome">
        {outcome} {code !== undefined && <code>{code}</code>}
      </td>
      <td class="number">{toDuration(milliseconds)}</td>
    </tr>
  )
}
