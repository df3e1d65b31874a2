import { mkdtempSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Fact, Probe } from "../bench.ts"
import type { Received } from "../data-api/discard.ts"
import { startServerProcess } from "../data-api/process.ts"
import { runWithEvents, type Usage } from "./run.ts"

const command = join(
  dirname(createRequire(import.meta.url).resolve("@singlesink/cli/package.json")),
  "dist/bin.js",
)
const loop = fileURLToPath(new URL("loop.js", import.meta.url))

const maxResidentBytes = 200_000_000
const maxBytes = 1_000_000

/** Loads 5 million events with `singlesink load`, against a server in another process that discards them. */
export const load: Probe = {
  name: "load",
  async run({ divideStreamsBy }) {
    const count = 5_000_000 / divideStreamsBy
    // The loop runs before and after, because the speed of the machine changes.
    const before = await runWithEvents(loop, [], count / 5)
    const { usage, received } = await runLoad(count)
    const after = await runWithEvents(loop, [], count / 5)
    return toFacts(count, usage, [before, after], received)
  },
}

async function runLoad(count: number): Promise<{ usage: Usage; received: Received }> {
  const server = await startServerProcess()
  const folder = mkdtempSync(join(tmpdir(), "singlesink-"))
  try {
    const env = {
      SINGLESTORE_URL: server.url,
      SINGLESTORE_USERNAME: "root",
      SINGLESTORE_PASSWORD: "",
      SINGLESTORE_DATABASE: "events",
    }
    const usage = await runWithEvents(
      command,
      ["load", "-", "--checkpoint", join(folder, "checkpoint")],
      count,
      env,
    )
    const received = (await (await fetch(server.url)).json()) as Received
    return { usage, received }
  } finally {
    await server.close()
    rmSync(folder, { recursive: true })
  }
}

function toFacts(
  count: number,
  usage: Usage,
  loops: readonly Usage[],
  { requests, bytes }: Received,
): Fact[] {
  const perByte = ({ seconds, bytes }: Usage) => seconds / bytes
  const speed = average(loops.map(perByte)) / perByte(usage)
  const cpu =
    average(loops.map(({ cpuSeconds, bytes }) => cpuSeconds / bytes)) / (usage.cpuSeconds / usage.bytes)
  const share = bytes / requests / maxBytes
  const resident = Math.max(...usage.residentBytes)
  const [start, end] = [usage.residentBytes.slice(0, 5), usage.residentBytes.slice(5)].map(half =>
    Math.max(...half),
  )
  const growth = (end ?? 0) / (start ?? 1)
  return [
    {
      name: `load of ${count.toLocaleString("en")} events, ${(usage.bytes / 1e9).toFixed(1)} GB: its speed, compared with JSON.parse and JSON.stringify of each line`,
      value: `${(speed * 100).toFixed(0)} % of the speed, ${(cpu * 100).toFixed(0)} % by CPU time; ${(usage.bytes / 1e6 / usage.seconds).toFixed(0)} MB/s`,
      target: { text: "at least 60 %", met: speed >= 0.6 },
    },
    {
      name: "load: largest resident size",
      value: `${(resident / 1e6).toFixed(0)} MB`,
      target: { text: "at most 200 MB", met: resident <= maxResidentBytes },
    },
    {
      name: "load: resident size of the second half, divided by that of the first",
      value: growth.toFixed(2),
      target: { text: "at most 1.1", met: growth <= 1.1 },
    },
    {
      name: "load: average request, as a share of maxBytes",
      value: `${(share * 100).toFixed(1)} % of ${requests.toLocaleString("en")} requests`,
      target: { text: "at least 97 %", met: share >= 0.97 },
    },
  ]
}

const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
