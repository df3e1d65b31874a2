import type { LiveDetails } from "../../src/live/protocol.ts"
import type { LiveAction } from "./state.ts"

/** The connection to the receiver. */
export interface Connection {
  /** Opens the stream. With a key it opens a session first. */
  open(key?: string): Promise<void>
  close(): void
}

const base = import.meta.env.BASE_URL

/** @param dispatch receives what the stream sends */
export function createConnection(dispatch: (action: LiveAction) => void): Connection {
  let stream: EventSource | undefined
  let lastKey: string | undefined

  async function open(key = lastKey): Promise<void> {
    stream?.close()
    lastKey = key
    if (key !== undefined && !(await openSession(key))) return
    stream = new EventSource(`${base}stream`)
    stream.addEventListener("snapshot", ({ data }) =>
      dispatch({ kind: "snapshot", snapshot: JSON.parse(data) }),
    )
    stream.addEventListener("update", ({ data }) => dispatch({ kind: "update", update: JSON.parse(data) }))
    stream.addEventListener("error", handleError)
  }

  async function openSession(key: string): Promise<boolean> {
    try {
      const response = await fetch(`${base}session`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ key }),
      })
      if (response.ok) return true
      const { message } = (await response.json()) as { message: string }
      // Another refusal, such as too many attempts, says nothing about the key.
      if (response.status === 401) lastKey = undefined
      dispatch({ kind: "locked", notice: message })
    } catch {
      dispatch({ kind: "disconnected" })
      retry()
    }
    return false
  }

  function handleError(): void {
    dispatch({ kind: "disconnected" })
    // The browser reconnects on its own, unless the receiver answered with an error.
    if (stream?.readyState === EventSource.CLOSED) void handleRefusal()
  }

  /** An event source does not say why it was refused. */
  async function handleRefusal(): Promise<void> {
    const status = await fetch(`${base}events/0`).then(
      response => response.status,
      () => 0,
    )
    if (status !== 401) retry()
    else if (lastKey !== undefined) void open()
    else dispatch({ kind: "locked" })
  }

  function retry(): void {
    setTimeout(() => void open(), retryMs)
  }

  return { open, close: () => stream?.close() }
}

const retryMs = 2_000

/**
 * The event of an entry.
 * @throws Error with a message for the reader
 */
export async function fetchDetails(id: number): Promise<LiveDetails> {
  const response = await fetch(`${base}events/${id}`)
  const body = (await response.json()) as LiveDetails & { message: string }
  if (!response.ok) throw new Error(body.message)
  return body
}
