import { byteLength } from "./byte-length.ts"

/** What core needs from its environment. Each part is detected, and a test or a host can replace it. */
export interface Runtime {
  /** The current time in milliseconds. @default Date.now */
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

/** Timers are not part of ECMAScript, so they are declared here and used only if they exist. */
interface Timers {
  setTimeout?: (callback: () => void, milliseconds: number) => unknown
  clearTimeout?: (timer: unknown) => void
}

export function findRuntime({ setTimeout, clearTimeout }: Timers = globalThis as Timers): Runtime {
  return {
    now: () => Date.now(),
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
