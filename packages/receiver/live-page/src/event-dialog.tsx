import { useEffect, useRef, useState } from "preact/hooks"
import type { LiveDetails, LiveEvent } from "../../src/live/protocol.ts"
import { fetchDetails } from "./connection.ts"
import { toClock, toDuration } from "./format.ts"

interface EventDialogProps {
  entry: LiveEvent
  showsValues: boolean
  onClose(): void
}

/** One event in full. */
export function EventDialog({ entry, showsValues, onClose }: EventDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [details, setDetails] = useState<LiveDetails | Error>()

  useEffect(() => {
    dialog.current?.showModal()
    fetchDetails(entry.id).then(setDetails, setDetails)
  }, [entry.id])

  const { type, name, outcome, code, table, at, milliseconds } = entry
  return (
    // A click beside the dialog closes it too, in a browser that knows closedby.
    <dialog ref={dialog} aria-labelledby="event-title" closedby="any" onClose={onClose}>
      <div>
        <div class="bar">
          <h2 id="event-title">{name || type || "unnamed"}</h2>
          <button type="button" onClick={() => dialog.current?.close()}>
            Close
          </button>
        </div>
        <p class={outcome}>
          <span class="outcome">{outcome}</span> at {toClock(at)}, {toDuration(milliseconds)} after its
          arrival, table <code>{table}</code>
        </p>
        {details === undefined && <p>Loading…</p>}
        {details instanceof Error && <p role="alert">{details.message}</p>}
        {details !== undefined && !(details instanceof Error) && (
          <Details {...details} code={code} showsValues={showsValues} />
        )}
      </div>
    </dialog>
  )
}

function Details({
  event,
  error,
  code,
  showsValues,
}: LiveDetails & { code: string | undefined; showsValues: boolean }) {
  return (
    <>
      {error && (
        <p class="reason">
          {error.message} <code>singlesink explain {code}</code> says more.
        </p>
      )}
      {event === undefined ? (
        <p>The event is too large to be kept for this page.</p>
      ) : (
        <>
          {!showsValues && (
            <p class="hint">
              Values are masked. Start the receiver with <code>--show-values</code> to see them.
            </p>
          )}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable */}
          <pre tabIndex={0}>
            <code>{JSON.stringify(event, null, 2)}</code>
          </pre>
        </>
      )}
    </>
  )
}
