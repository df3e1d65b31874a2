import { byteLength } from "./byte-length.ts"

/** What core needs from its environment. Each part is detected, and a test or a host can replace it. */
export interface Runtime {
  /**
   * A time in milliseconds that measures durations, so it must not go back when the clock of the machine is set.
   *
   * @default performance.now, or Date.now if the runtime has no other clock
   */
  now(): number
  /**
   * Calls `wake` after some milliseconds, and returns a function that cancels it. Without it rows do not linger,
   * requests are not retried, and there are no deadlines. @default setTimeout, if the runtime has one
   */
  sleep?: ((milliseconds: number, wake: () => void) => () => void) | undefined
  /** A number from 0 up to but not including 1. @default Math.random */
  random(): number
  /** The length in UTF-8 bytes of a string without lone surrogates. @default Buffer, TextEncoder or plain ECMAScript */
  byteLength(text: string): number
}

/** Timers and clocks are not part of ECMAScript, so they are declared here and used only if they exist. */
interface Globals {
  setTimeout?: (callback: () => void, milliseconds: number) => unknown
  clearTimeout?: (timer: unknown) => void
  performance?: { now(): number }
}

export function findRuntime(
  { setTimeout, clearTimeout, performance }: Globals = globalThis as Globals,
): Runtime {
  return {
    now: performance === undefined ? () => Date.now() : () => performance.now(),
    random: () => Math.random(),
    byteLength,
    sleep:
      setTimeout === undefined
        ? undefined
        : (milliseconds, wake) => {
            const timer = setTimeout(wake, milliseconds)
            return () => clearTimeout?.(timer)
          },
  }
}
