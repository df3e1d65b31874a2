import { type ChaosOptions, type Findings, samples } from "./chaos.ts"
import type { HostileFindings } from "./hostile/run.ts"
import type { ReceiverFindings } from "./receiver/run.ts"

export interface Claim {
  holds: boolean
  sentence: string
}

/** More growth than this between the second and the last sample of the memory is a leak. */
export const maxGrowthBytes = 3_000_000

/** The sample of the live page fills during an attack: 500 events of up to 32,000 characters. */
const maxHostileGrowthBytes = 20_000_000

/** Checks the promises that hold in any run. Without a key retries may double rows, so that is not checked there. */
export function toClaims({ deduplicate }: Pick<ChaosOptions, "deduplicate">, findings: Findings): Claim[] {
  const { lost, extraRows, changed, unexpected, misjudged, violations, memoryBytes } = findings
  const [, early = 0] = memoryBytes
  const late = memoryBytes.at(-1) ?? 0
  const claims = [
    toClaim("0 lost: every acknowledged event is in the table", lost),
    toClaim("every row has the values of its event", changed),
    toClaim("no row of a rejected or unknown event", unexpected),
    toClaim("exactly the bad events are rejected", misjudged),
    {
      holds: violations.length === 0,
      sentence: `counts add up, nothing hangs, and a closed writer exits${toList(violations)}`,
    },
    {
      holds: memoryBytes.length === samples && late - early < maxGrowthBytes,
      sentence: `memory is flat, buffers included: ${memoryBytes.map(bytes => `${(bytes / 1e6).toFixed(1)} MB`).join(", ") || "no samples"}`,
    },
  ]
  if (deduplicate)
    claims.splice(1, 0, toClaim("0 doubled: each event has one row", findings.doubled, extraRows))
  return claims
}

/** Checks that the oracle detects a writer that acknowledges too early, but only if it is killed. */
export function toEarlyAckClaims(spared: Findings, killed: Findings): Claim[] {
  return [
    {
      holds: spared.acknowledged > 0 && spared.lost.length === 0 && spared.violations.length === 0,
      sentence: `a writer that acknowledges before the row is stored loses ${spared.lost.length} of ${spared.acknowledged} events without a kill${toList(spared.violations)}`,
    },
    {
      holds: killed.kills > 0 && killed.lost.length > 0,
      sentence: `and ${killed.lost.length} of ${killed.acknowledged} events with ${killed.kills} kills`,
    },
  ]
}

export function toLine({ holds, sentence }: Claim): string {
  return `${holds ? "ok   " : "WRONG"} ${sentence}`
}

function toList(sentences: readonly string[]): string {
  return sentences.map(sentence => `\n      ${sentence}`).join("")
}

function toClaim(sentence: string, broken: readonly number[], count = broken.length): Claim {
  const examples = broken.slice(0, 5).join(", ")
  return {
    holds: broken.length === 0,
    sentence:
      broken.length === 0 ? sentence : `${sentence}; BROKEN for ${count}, for example events ${examples}`,
  }
}

/** The promises of receivers that are killed while they are called. */
export function toReceiverClaims(findings: ReceiverFindings): Claim[] {
  const { lost, doubled, unexpected, violations, kills } = findings
  return [
    toClaim("0 lost: every acknowledged event is in the table, or in the dead letters if it is bad", lost),
    toClaim("0 doubled: each event has one row, whichever receivers it was sent to", doubled),
    toClaim("no row of a bad or unknown event", unexpected),
    {
      holds: violations.length === 0 && kills > 0,
      sentence: `every event is acknowledged in the end, and SIGTERM ends a receiver${toList(violations)}`,
    },
  ]
}

/** Describes a run of receivers in lines for a reader. */
export function toReceiverLines(findings: ReceiverFindings, claims: readonly Claim[]): string[] {
  const { produced, redelivered, kills, faults, milliseconds } = findings
  return [
    `two receivers, one table: ${kills} killed, ${faults} requests hit by a fault, ${Math.round(milliseconds / 1_000)} s`,
    `  ${produced} events of two SDKs and a balancer, ${redelivered} redeliveries`,
    ...claims.map(claim => `  ${toLine(claim)}`),
  ]
}

/** The promises of a receiver that is attacked. */
export function toHostileClaims(findings: HostileFindings): Claim[] {
  const { open, good, isUp, hasClosed, memoryBytes, requests } = findings
  const [early, late] = memoryBytes
  const kinds = [...open].map(([kind, count]) => `${kind}: ${count}`)
  const megabytes = memoryBytes.map(bytes => `${(bytes / 1e6).toFixed(1)} MB`).join(", ")
  return [
    {
      holds: requests > 0 && kinds.length === 0,
      sentence: `every hostile request is answered or closed in time${toList(kinds)}`,
    },
    {
      holds: good.sent > 0 && good.refused.length === 0 && good.stored === good.sent,
      sentence: `all ${good.sent} good events beside them are stored, ${good.stored} rows, the slowest in ${Math.round(good.longestMs)} ms${toList(good.refused.slice(0, 5))}`,
    },
    { holds: isUp && hasClosed, sentence: "the receiver does not crash, and SIGTERM ends it" },
    { holds: late - early < maxHostileGrowthBytes, sentence: `memory is bounded: ${megabytes}` },
  ]
}

/** Describes an attack in lines for a reader. */
export function toHostileLines(findings: HostileFindings, claims: readonly Claim[]): string[] {
  const { requests, longestMs, milliseconds } = findings
  return [
    `hostile requests: ${requests}, open for at most ${Math.round(longestMs)} ms, ${Math.round(milliseconds / 1_000)} s`,
    ...claims.map(claim => `  ${toLine(claim)}`),
  ]
}

/** Describes a run in lines for a reader. */
export function toLines(
  { deduplicate }: Pick<ChaosOptions, "deduplicate">,
  findings: Findings,
  claims: readonly Claim[],
): string[] {
  const { produced, acknowledged, rejected, redelivered, kills, closes, faults, rows, extraRows, doubled } =
    findings
  const hits = [...faults].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a)
  const total = hits.reduce((sum, [kind, count]) => sum + (kind === "poisoned rows" ? 0 : count), 0)
  const price = `without a key retries cost ${extraRows} duplicate rows of ${doubled.length} events (${((100 * extraRows) / Math.max(1, rows)).toFixed(2)} % of the rows)`
  return [
    `${deduplicate ? "with a key" : "without a key"}: ${kills} writers killed, ${closes} closed, ${total} requests hit by a fault, ${Math.round(findings.milliseconds / 1_000)} s`,
    `  hit: ${hits.map(([kind, count]) => `${kind} ${count}`).join(", ")}`,
    `  ${produced} events, ${redelivered} redeliveries; ${acknowledged} stored in ${rows} rows, ${rejected} rejected`,
    ...claims.map(claim => `  ${toLine(claim)}`),
    ...(!deduplicate ? [`        ${price}`] : []),
  ]
}
