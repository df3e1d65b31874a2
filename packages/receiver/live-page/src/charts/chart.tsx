import { useEffect, useLayoutEffect, useRef } from "preact/hooks"
import UPlot from "uplot"

interface Line {
  readonly label: string
  /** The CSS variable of its color. */
  readonly color: string
  readonly values: (number | null)[]
  readonly isFilled?: boolean
}

interface ChartProps {
  title: string
  /** In seconds since 1970. */
  at: number[]
  lines: readonly Line[]
  format(value: number): string
}

const height = 130

/** Lines over time. */
export function Chart({ title, at, lines, format }: ChartProps) {
  const frame = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot>(null)
  const data = [at, ...lines.map(({ values }) => values)] as UPlot.AlignedData
  const latestData = useRef(data)
  latestData.current = data

  useLayoutEffect(() => {
    const element = frame.current as HTMLDivElement
    function draw(): void {
      plot.current?.destroy()
      plot.current = new UPlot(toOptions(element, lines, format), latestData.current, element)
    }
    draw()
    const resizing = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    resizing.observe(element)
    // A canvas does not follow the colors of the page.
    const theme = matchMedia("(prefers-color-scheme: dark)")
    theme.addEventListener("change", draw)
    return () => {
      resizing.disconnect()
      theme.removeEventListener("change", draw)
      plot.current?.destroy()
    }
  }, [])

  useEffect(() => plot.current?.setData(data), [at])

  return (
    <figure>
      <figcaption>
        {title}
        {lines.map(({ label, color, values }) => (
          <span key={label} class={`legend ${color.slice(2)}`}>
            {label} {toLatest(values, format)}
          </span>
        ))}
      </figcaption>
      <div ref={frame} role="img" aria-label={toSummary(title, lines, format)} />
    </figure>
  )
}

function toLatest(values: readonly (number | null)[], format: (value: number) => string): string {
  const latest = values.findLast(value => value !== null)
  return latest == null ? "–" : format(latest)
}

/** What the chart shows, for a reader who cannot see it. */
function toSummary(title: string, lines: readonly Line[], format: (value: number) => string): string {
  const parts = lines.map(({ label, values }) => {
    const known = values.filter(value => value !== null)
    return `${label} ${toLatest(values, format)}, at most ${known.length === 0 ? "–" : format(Math.max(...known))}`
  })
  return `${title}: ${parts.join("; ")}`
}

function toOptions(
  element: HTMLElement,
  lines: readonly Line[],
  format: (value: number) => string,
): UPlot.Options {
  const style = getComputedStyle(element)
  const colorOf = (variable: string) => resolveColor(element, variable)
  const font = `11px ${style.fontFamily}`
  const axis = {
    font,
    stroke: colorOf("--muted"),
    grid: { stroke: colorOf("--line"), width: 1 },
    ticks: { show: false },
  }
  return {
    width: element.clientWidth,
    height,
    legend: { show: false },
    cursor: { sync: { key: "live" }, drag: { x: false, y: false }, y: false },
    scales: { y: { range: (_, __, max) => [0, Math.max(1, max ?? 1) * 1.1] } },
    axes: [
      { ...axis, size: 24, space: 70, values: "{HH}:{mm}:{ss}" },
      { ...axis, size: 56, space: 28, values: (_, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...lines.map(({ label, color, isFilled }) => ({
        label,
        stroke: colorOf(color),
        ...(isFilled === true && { fill: colorOf(`${color}-fill`) }),
        width: 1.5,
        points: { show: false },
      })),
    ],
  }
}

/** A canvas cannot read `light-dark()`, so the browser computes the color of an element. */
function resolveColor(element: HTMLElement, variable: string): string {
  const probe = element.appendChild(document.createElement("i"))
  probe.style.color = `var(${variable})`
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
