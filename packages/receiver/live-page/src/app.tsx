import { useEffect, useReducer, useRef, useState } from "preact/hooks"
import type { LiveEvent } from "../../src/live/protocol.ts"
import { Charts } from "./charts/charts.tsx"
import { createConnection } from "./connection.ts"
import { EmptyState } from "./empty-state.tsx"
import { EventDialog } from "./event-dialog.tsx"
import { EventList } from "./event-list.tsx"
import { KeyForm } from "./key-form.tsx"
import { Problems } from "./problems.tsx"
import { initialState, reduce } from "./state.ts"
import { StatusBar } from "./status-bar.tsx"
import { Violations } from "./violations.tsx"

export function App() {
  const [state, dispatch] = useReducer(reduce, initialState)
  const [selected, select] = useState<LiveEvent>()
  const { current: connection } = useRef(createConnection(dispatch))

  useEffect(() => {
    void connection.open(takeKey())
    return connection.close
  }, [connection])

  const isPaused = state.pausedEvents !== undefined
  useEffect(() => {
    function handleKey({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent): void {
      const isTyping = target instanceof HTMLInputElement || target instanceof HTMLSelectElement
      if (key !== "p" || isTyping || ctrlKey || metaKey || altKey) return
      dispatch({ kind: isPaused ? "resume" : "pause" })
    }
    addEventListener("keydown", handleKey)
    return () => removeEventListener("keydown", handleKey)
  }, [isPaused])

  if (state.connection === "locked") return <KeyForm notice={state.notice} onKey={connection.open} />
  const { stored, rejected, failed, pending } = state.totals
  const isEmpty = stored + rejected + failed + pending === 0
  return (
    <>
      <StatusBar state={state} />
      <main>
        {isEmpty && state.connection === "connected" ? (
          <EmptyState />
        ) : (
          <>
            <Charts seconds={state.seconds} />
            <div class="columns">
              <EventList state={state} dispatch={dispatch} onSelect={select} />
              <aside>
                <Problems problems={state.problems} />
                <Violations violations={state.violations} />
              </aside>
            </div>
          </>
        )}
      </main>
      {selected && (
        <EventDialog entry={selected} showsValues={state.showsValues} onClose={() => select(undefined)} />
      )}
    </>
  )
}

/** The key from the address, which then no longer shows it. */
function takeKey(): string | undefined {
  const key = decodeURIComponent(location.hash.slice(1))
  if (key === "") return undefined
  history.replaceState(null, "", location.pathname)
  return key
}
