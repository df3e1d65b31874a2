import type { Output } from "../output/output.ts"

/** Counts, for each code of dead letters, what became of their events this time. */
export function createChanges() {
  const changes = new Map<string, Map<string, number>>()

  return {
    /** @param outcome `stored`, or the code of the error */
    add(previousCode: string, outcome: string): void {
      const outcomes = changes.get(previousCode) ?? new Map<string, number>()
      changes.set(previousCode, outcomes)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    },
    /** The counts by the code before and the outcome now. */
    list() {
      return [...changes].flatMap(([code, outcomes]) =>
        [...outcomes].map(([outcome, count]) => ({ code, outcome, count })),
      )
    },
    print(output: Output): void {
      for (const [code, outcomes] of changes) {
        const parts = [...outcomes]
          .sort(storedFirst)
          .map(([outcome, count]) => `${count.toLocaleString("en")} ${toWords(outcome, code)}`)
        output.note(`${code}: ${parts.join(", ")}`)
      }
    },
  }
}

function toWords(outcome: string, previousCode: string): string {
  if (outcome === "stored") return "stored now"
  return outcome === previousCode ? "as before" : `now ${outcome}`
}

const storedFirst = ([one]: readonly [string, number], [other]: readonly [string, number]) =>
  Number(other === "stored") - Number(one === "stored")
