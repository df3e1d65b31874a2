import type { ChaosOptions, Findings } from "./chaos.ts"

export interface Claim {
  holds: boolean
  sentence: string
}

/** More than this between the second and the last look at the heap is a leak and no noise. */
const maxGrowthBytes = 8_000_000

/** What must be true after any run. On a table without a key rows may be doubled; then that is no claim but a price. */
export function toClaims({ layout }: Pick<ChaosOptions, "layout">, findings: Findings): Claim[] {
  const { lost, extraRows, changed, stray, misjudged, complaints, heapBytes } = findings
  const [, early = 0, , late = 0] = heapBytes
  const claims = [
    toClaim("0 lost: every acknowledged event is in the table", lost),
    toClaim("every row is its event, value by value", changed),
    toClaim("no row of an event that was refused", stray),
    toClaim("refused are the bad events, all of them and no other", misjudged),
    {
      holds: complaints.length === 0,
      sentence: `counts add up, nothing hangs, and a closed writer ends by itself${complaints.map(text => `\n      ${text}`).join("")}`,
    },
    {
      holds: late - early < maxGrowthBytes,
      sentence: `memory is flat: ${heapBytes.map(bytes => `${(bytes / 1e6).toFixed(1)} MB`).join(", ")}`,
    },
  ]
  if (layout === "keyed")
    claims.splice(1, 0, toClaim("0 doubled: each is there once", findings.doubled, extraRows))
  return claims
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
  { layout }: Pick<ChaosOptions, "layout">,
  findings: Findings,
  claims: readonly Claim[],
): string[] {
  const { produced, acknowledged, refused, redelivered, kills, closes, faults, rows, extraRows, doubled } =
    findings
  const hits = [...faults].filter(([, count]) => count > 0).sort(([, a], [, b]) => b - a)
  const total = hits.reduce((sum, [kind, count]) => sum + (kind === "poisoned rows" ? 0 : count), 0)
  const price = `the price of a table without a key: ${extraRows} rows too many, of ${doubled.length} events (${((100 * extraRows) / Math.max(1, rows)).toFixed(2)} % of the rows)`
  return [
    `layout ${layout}: ${kills} writers killed, ${closes} closed, ${total} requests hit by a fault, ${Math.round(findings.milliseconds / 1_000)} s`,
    `  hit: ${hits.map(([kind, count]) => `${kind} ${count}`).join(", ")}`,
    `  ${produced} events, ${redelivered} times one was delivered again; ${acknowledged} stored in ${rows} rows, ${refused} refused`,
    ...claims.map(({ holds, sentence }) => `  ${holds ? "ok   " : "WRONG"} ${sentence}`),
    ...(layout === "segment" ? [`        ${price}`] : []),
  ]
}
