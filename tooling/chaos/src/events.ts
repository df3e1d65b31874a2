import { createRandom, readFixtures } from "@singlesink/fixtures"

export type ChaosEvent = Record<string, unknown> & { messageId: string }

/** Part of each event that the database rejects. */
export const poison = "a value that no table takes"

const fixtures = readFixtures()

/** Makes the event with this number. Each process makes the same event, so no process has to keep it. */
export function toEvent(seed: number, number: number): ChaosEvent {
  const random = createRandom(seed + number)
  return {
    ...fixtures[number % fixtures.length],
    messageId: toId(seed, number),
    ...(random.chance(0.1) && { properties: { padding: random.hex(random.below(6_000)) } }),
    ...(isPoisoned(number) && { properties: { poison } }),
    ...(isMalformed(number) && { timestamp: "2026-02-30T00:00:00Z" }),
  }
}

export function toId(seed: number, number: number): string {
  return `${seed}-${number}`
}

export function toNumber(messageId: string): number {
  return Number(messageId.slice(messageId.indexOf("-") + 1))
}

/** Whether the database or the sink rejects the event. */
export function isBad(number: number): boolean {
  return isPoisoned(number) || isMalformed(number)
}

function isPoisoned(number: number): boolean {
  return number % 397 === 13
}

function isMalformed(number: number): boolean {
  return number % 613 === 7
}
