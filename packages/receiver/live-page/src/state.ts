import type {
  LiveEvent,
  LiveProblem,
  LiveSecond,
  LiveSnapshot,
  LiveTotals,
  LiveUpdate,
  LiveViolation,
} from "../../src/live/protocol.ts"

/** What the page knows. */
export interface LiveState {
  readonly connection: "connecting" | "connected" | "reconnecting" | "locked"
  /** Why the page is locked. */
  readonly notice?: string | undefined
  /** Oldest first. */
  readonly events: readonly LiveEvent[]
  /** The events that are shown while the page is paused. */
  readonly pausedEvents?: readonly LiveEvent[] | undefined
  /** Events that were counted but not listed, since the page was opened. */
  readonly skipped: number
  /** Oldest first, without gaps. */
  readonly seconds: readonly LiveSecond[]
  readonly problems: readonly LiveProblem[]
  readonly violations: readonly LiveViolation[]
  readonly totals: LiveTotals
  readonly showsValues: boolean
}

export type LiveAction =
  | { readonly kind: "snapshot"; readonly snapshot: LiveSnapshot }
  | { readonly kind: "update"; readonly update: LiveUpdate }
  | { readonly kind: "disconnected" }
  | { readonly kind: "locked"; readonly notice?: string | undefined }
  | { readonly kind: "pause" | "resume" }

export const maxEvents = 500
export const maxSeconds = 180

export const initialState: LiveState = {
  connection: "connecting",
  events: [],
  skipped: 0,
  seconds: [],
  problems: [],
  violations: [],
  totals: { stored: 0, rejected: 0, failed: 0, pending: 0 },
  showsValues: false,
}

/** The next state. */
export function reduce(state: LiveState, action: LiveAction): LiveState {
  switch (action.kind) {
    case "snapshot":
      // A snapshot replaces everything: the receiver may have restarted, and then its ids start again.
      return { ...state, ...action.snapshot, connection: "connected", notice: undefined }
    case "update":
      return addUpdate(state, action.update)
    case "disconnected":
      return { ...state, connection: state.connection === "connecting" ? "connecting" : "reconnecting" }
    case "locked":
      return { ...state, connection: "locked", notice: action.notice }
    case "pause":
      return { ...state, pausedEvents: state.events }
    case "resume":
      return { ...state, pausedEvents: undefined }
  }
}

function addUpdate(state: LiveState, update: LiveUpdate): LiveState {
  // The first update after a snapshot repeats what both contain.
  const lastId = state.events.at(-1)?.id ?? 0
  const lastSecond = state.seconds.at(-1)?.at ?? 0
  const events = update.events.filter(({ id }) => id > lastId)
  const seconds = update.seconds.filter(({ at }) => at > lastSecond)
  return {
    ...state,
    events: events.length === 0 ? state.events : [...state.events, ...events].slice(-maxEvents),
    seconds: seconds.length === 0 ? state.seconds : [...state.seconds, ...seconds].slice(-maxSeconds),
    skipped: state.skipped + update.skipped,
    problems: update.problems ?? state.problems,
    violations: update.violations ?? state.violations,
    totals: update.totals,
  }
}

/** How many events arrived in the list since the page was paused. */
export function countSincePause({ events, pausedEvents }: LiveState): number {
  if (pausedEvents === undefined) return 0
  const lastId = pausedEvents.at(-1)?.id ?? 0
  return events.filter(({ id }) => id > lastId).length
}
