import type { Bench, Legend, Side } from "./bench.ts"
import type { Comparison } from "./measure.ts"

const margin = 16
const left = 210
const widthOfBars = 430
const barHeight = 14
const groupGap = 16
const top = 60

/**
 * A bar for each side of each workload, as long as its time by the floor's. It is one SVG with no scripts that
 * follows the reader's light or dark setting.
 */
export function toChart(
  { title, legend }: Pick<Bench, "title" | "legend">,
  comparisons: readonly Comparison[],
): string {
  const groups = comparisons.map(({ workload, ratio, peer }) => {
    const ofPeer =
      peer === undefined || ratio.peer === undefined
        ? []
        : [{ side: "peer" as const, value: ratio.floor / ratio.peer }]
    return {
      name: workload.name,
      bars: [{ side: "floor" as const, value: 1 }, ...ofPeer, { side: "ours" as const, value: ratio.floor }],
    }
  })
  const most = Math.max(1, ...groups.flatMap(group => group.bars.map(bar => bar.value)))
  const parts: string[] = []
  let y = top
  for (const { name, bars } of groups) {
    const middle = y + (bars.length * barHeight) / 2
    parts.push(
      `<text class="name" x="${left - 10}" y="${middle}" dominant-baseline="central">${toXmlText(name)}</text>`,
    )
    for (const { side, value } of bars) {
      parts.push(toBar(side, value, (value / most) * widthOfBars, y))
      y += barHeight
    }
    y += groupGap
  }
  const width = left + widthOfBars + 60
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img" aria-labelledby="title description">
<title id="title">${toXmlText(title)}</title>
<desc id="description">${toXmlText(describe(groups))}</desc>
<style>${style}</style>
<rect class="ground" width="${width}" height="${y}" rx="6"/>
<text class="title" x="${margin}" y="26">${toXmlText(title)}, floor = 1</text>
${toLegend(legend, width - 2 * margin)}
${parts.join("\n")}
</svg>
`
}

interface Bar {
  readonly side: Side
  readonly value: number
}

function toBar(side: Side, value: number, length: number, y: number): string {
  const [width, text, middle] = [length.toFixed(1), value.toFixed(2), y + barHeight / 2]
  const end = (left + length + 6).toFixed(1)
  return `<rect class="${side}" x="${left}" y="${y}" width="${width}" height="${barHeight - 2}"><title>${side}: ${text}</title></rect><text class="value" x="${end}" y="${middle}" dominant-baseline="central">${text}</text>`
}

function toLegend(legend: Legend, width: number): string {
  const entries = Object.entries(legend)
  return entries
    .map(([side, text], index) => {
      const x = margin + Math.round((index * width) / entries.length)
      return `<g class="legend"><path class="${side}" d="M${x} 36h10v10h-10z"/><text x="${x + 16}" y="45">${toXmlText(`${side}: ${text}`)}</text></g>`
    })
    .join("\n")
}

/** The same in words, for who does not see it. */
function describe(groups: readonly { readonly name: string; readonly bars: readonly Bar[] }[]): string {
  return groups
    .map(
      ({ name, bars }) =>
        `${name}: ${bars.map(({ side, value }) => `${side} ${value.toFixed(2)}`).join(", ")}.`,
    )
    .join(" ")
}

const style = `
text { font: 12px system-ui, sans-serif; fill: #1f2328 }
.title { font-size: 15px; font-weight: 600 }
.name { text-anchor: end }
.value { font-size: 11px; fill: #59636e }
.ground { fill: #ffffff }
.floor { fill: #afb8c1 }
.peer { fill: #d4762c }
.ours { fill: #1f6feb }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .value { fill: #9198a1 }
  .ground { fill: #0d1117 }
  .floor { fill: #656c76 }
  .peer { fill: #db8b4b }
  .ours { fill: #58a6ff }
}
`

function toXmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;")
}
