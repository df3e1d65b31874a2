import { expect, test } from "vitest"
import { toChart } from "./chart.ts"
import type { Comparison } from "./measure.ts"

const side = { microseconds: 1, bytesPerEvent: 600 }
const run = () => 0
const deliver: Comparison = {
  workload: { name: 'deliver <1> & "2"', events: 1, sides: { floor: run, peer: run, ours: run } },
  ...{ floor: side, peer: side, ours: side },
  ratio: { floor: 1.5, peer: 0.75 },
}
const write: Comparison = {
  workload: { name: "write", events: 1, sides: { floor: run, ours: run } },
  ...{ floor: side, ours: side },
  ratio: { floor: 2.5 },
}
const chart = toChart({ title: "core & others", legend: { floor: "a < b", ours: "core" } }, [deliver, write])

test("there is a bar for each side, as long as its time by the floor's", () => {
  const bars = [...chart.matchAll(/<rect class="(\w+)" x="\d+" y="\d+" width="([\d.]+)"/g)]
  const lengths = bars.map(([, name, width]) => [name, Number(width)])
  const floor = Number(bars[0]?.[2])
  expect(lengths).toEqual([
    ["floor", floor],
    ["peer", 2 * floor],
    ["ours", expect.closeTo(1.5 * floor, 0)],
    ["floor", floor],
    ["ours", expect.closeTo(2.5 * floor, 0)],
  ])
})

test("the legend has the sides that the bench names", () => {
  const legend = [...chart.matchAll(/<g class="legend"><path class="(\w+)".*?<text[^>]*>([^<]*)</g)]
  expect(legend.map(([, ...entry]) => entry)).toEqual([
    ["floor", "floor: a &lt; b"],
    ["ours", "ours: core"],
  ])
})

test("it is well-formed XML", () => {
  expect(findMistake(chart)).toBeUndefined()
  expect(findMistake("<svg><g></svg>")).toBe("</svg> closes <g>")
  expect(findMistake("<svg>a & b</svg>")).toBe("a bare & or <")
})

test("who does not see it can read it, in light and in dark, without a script", () => {
  expect(chart).toContain('<title id="title">core &amp; others</title>')
  expect(chart).toContain("write: floor 1.00, ours 2.50.")
  expect(chart).toContain("prefers-color-scheme: dark")
  expect(chart).not.toMatch(/<script|href=/)
})

/** The first breach of XML's rules that a page made of elements, attributes and text can commit. */
function findMistake(xml: string): string | undefined {
  const open: string[] = []
  const tag = /<(\/?)(\w+)((?: [\w:-]+="[^"<&]*")*)\s*(\/?)>/g
  for (const [, closes, name = "", , isEmpty] of xml.matchAll(tag)) {
    if (closes === "/") {
      const last = open.pop()
      if (last !== name) return `</${name}> closes <${last}>`
    } else if (isEmpty !== "/") open.push(name)
  }
  if (open.length > 0) return `<${open[0]}> is not closed`
  const text = xml.replace(tag, "").replace(/&(?:amp|lt|gt|quot);/g, "")
  return /[<&]/.test(text) ? "a bare & or <" : undefined
}
