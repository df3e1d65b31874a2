import { readFile } from "node:fs/promises"

export const page: string = await readFile(new URL("../../../../docs/observing.md", import.meta.url), "utf8")

/** The cells, row by row, of the table whose header begins with this cell. */
export function tableOf(header: string): string[][] {
  const lines = page.split("\n")
  const start = lines.findIndex(line => line.startsWith(`| ${header} `))
  const end = lines.findIndex((line, index) => index > start && !line.startsWith("|"))
  return lines.slice(start + 2, end).map(line =>
    line
      .split("|")
      .slice(1, -1)
      .map(cell => cell.trim()),
  )
}

/** The words in backquotes. */
export const namesIn = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name)
