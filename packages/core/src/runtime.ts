import { byteLength } from "./bytes.ts"

/** What core needs of its surroundings. It finds each by looking, and a test or a host may replace any. */
export interface Runtime {
  /** Milliseconds of a clock that does not go back far. @default Date.now */
  now(): number
  /**
   * Calls back after some milliseconds; what it returns calls that off. Without it there is no linger, no deadline,
   * and one attempt. @default setTimeout, where there is one
   */
  sleep?: ((milliseconds: number, wake: () => void) => () => void) | undefined
  /** A number from 0 to below 1. @default Math.random */
  random(): number
  /** The UTF-8 bytes of a text without lone surrogates. @default Buffer, TextEncoder or plain ECMAScript */
  byteLength(text: string): number
}

/** Timers are no part of ECMAScript: described here, and used only where they are. */
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
