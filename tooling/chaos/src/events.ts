import { createRandom, readFixtures } from "@singlesink/fixtures"

export type ChaosEvent = Record<string, unknown> & { messageId: string }

/** In the text of an event that the database refuses, whoever asks. */
export const poison = "a value that no table takes"

const fixtures = readFixtures()

/** The event with this number: the same in every life and every run of a seed, so that nobody has to keep it. */
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

/** Whether the event can never be stored: for the database, or already for the sink. */
export function isBad(number: number): boolean {
  return isPoisoned(number) || isMalformed(number)
}

function isPoisoned(number: number): boolean {
  return number % 397 === 13
}

function isMalformed(number: number): boolean {
  return number % 613 === 7
}
