import { type ChaosOptions, type Findings, looks } from "./chaos.ts"

export interface Claim {
  holds: boolean
  sentence: string
}

/** More than this between the second and the last look at the memory is a leak and no noise. */
export const maxGrowthBytes = 3_000_000

/** What must be true after any run. On a table without a key rows may be doubled; then that is no claim but a price. */
export function toClaims({ deduplicate }: Pick<ChaosOptions, "deduplicate">, findings: Findings): Claim[] {
  const { lost, extraRows, changed, stray, misjudged, complaints, memoryBytes } = findings
  const [, early = 0] = memoryBytes
  const late = memoryBytes.at(-1) ?? 0
  const claims = [
    toClaim("0 lost: every acknowledged event is in the table", lost),
    toClaim("every row is its event, value by value", changed),
    toClaim("no row of an event that was rejected", stray),
    toClaim("the rejected events are exactly the bad ones", misjudged),
    {
      holds: complaints.length === 0,
      sentence: `counts add up, nothing hangs, and a closed writer ends by itself${toList(complaints)}`,
    },
    {
      holds: memoryBytes.length === looks && late - early < maxGrowthBytes,
      sentence: `memory is flat, buffers included: ${memoryBytes.map(bytes => `${(bytes / 1e6).toFixed(1)} MB`).join(", ") || "never seen"}`,
    },
  ]
  if (deduplicate) claims.splice(1, 0, toClaim("0 doubled: each is there once", findings.doubled, extraRows))
  return claims
}

/** What the writer that acknowledges too early must come to, in a run without kills and in one with kills. */
export function toLiarClaims(spared: Findings, killed: Findings): Claim[] {
  return [
    {
      holds: spared.acknowledged > 0 && spared.lost.length === 0 && spared.complaints.length === 0,
      sentence: `a writer that acknowledges before the row is stored loses ${spared.lost.length} of ${spared.acknowledged} events while nobody kills it${toList(spared.complaints)}`,
    },
    {
      holds: killed.kills > 0 && killed.lost.length > 0,
      sentence: `and is found out once it is killed: ${killed.lost.length} of ${killed.acknowledged} events lost by ${killed.kills} kills`,
    },
  ]
}

export function toLine({ holds, sentence }: Claim): string {
  return `${holds ? "ok   " : "WRONG"} ${sentence}`
}

function toList(complaints: readonly string[]): string {
  return complaints.map(text => `\n      ${text}`).join("")
}

function toClaim(sentence: string, broken: readonly number[], count = broken.length): Claim {
  const examples = broken.slice(0, 5).join(", ")
  return {
    holds: broken.length === 0,
    sentence: broken.length === 0 ? sentence : `${sentence}; NOT SO for ${count}, such as events ${examples}`,
  }
}

/** What happened, as lines for a person. */
export function toLines(
  { deduplicate }: Pick<ChaosOptions, "deduplicate">,
  findings: Findings,
  claims: readonly Claim[],
): string[] {
  const { produced, acknowledged, rejected, redelivered, kills, closes, faults, rows, extraRows, doubled } =
    findings
  const hits = [...faults].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a)
  const total = hits.reduce((sum, [kind, count]) => sum + (kind === "poisoned rows" ? 0 : count), 0)
  const price = `the price of a table without a key: ${extraRows} rows too many, of ${doubled.length} events (${((100 * extraRows) / Math.max(1, rows)).toFixed(2)} % of the rows)`
  return [
    `${deduplicate ? "with a key" : "without a key"}: ${kills} writers killed, ${closes} closed, ${total} requests hit by a fault, ${Math.round(findings.milliseconds / 1_000)} s`,
    `  hit: ${hits.map(([kind, count]) => `${kind} ${count}`).join(", ")}`,
    `  ${produced} events, ${redelivered} times one was delivered again; ${acknowledged} stored in ${rows} rows, ${rejected} rejected`,
    ...claims.map(claim => `  ${toLine(claim)}`),
    ...(!deduplicate ? [`        ${price}`] : []),
  ]
}
