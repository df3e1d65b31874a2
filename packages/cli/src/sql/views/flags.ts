import { CommandError } from "../../exit.ts"
import type { ApplyFlags } from "../apply.ts"
import type { Range } from "./sample.ts"

export interface ViewFlags extends ApplyFlags {
  readonly prefix?: string
  readonly since?: string
  readonly sample: string
}

/** @throws CommandError that names the flag */
export function readViewFlags({ prefix = "", since, sample }: ViewFlags): { prefix: string; range: Range } {
  if (!/^\w{0,30}$/.test(prefix)) {
    throw new CommandError("--prefix must have at most 30 letters, digits and underscores.")
  }
  const rows = Number(sample)
  if (!Number.isInteger(rows) || rows < 1 || rows > 100_000) {
    throw new CommandError("--sample must be a number of rows from 1 to 100000.")
  }
  return { prefix, range: { rows, since: since === undefined ? undefined : toTime(since) } }
}

function toTime(date: string): string {
  const time = /^[1-9]\d{3}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined
  // February 30 is no date, but JavaScript reads it as March 2.
  if (time === undefined || Number.isNaN(time.getTime()) || !time.toISOString().startsWith(date)) {
    throw new CommandError("--since must be a date such as 2026-01-01.")
  }
  return `${date} 00:00:00.000000`
}
