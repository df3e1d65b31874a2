import type { Size } from "./sizes.ts"

/** Matches the table in the page, with its markers. */
const section = /(<!-- sizes: [^\n]*-->\n).*?(<!-- end -->)/s

/** The page with a table of these sizes. */
export function writeTable(page: string, sizes: readonly Size[]): string {
  if (!section.test(page))
    throw new Error("The page has no place for the table: <!-- sizes: … --> and <!-- end -->.")
  const rows = sizes.map(
    ({ name, dependencies, tarball, installed }) =>
      `| ${name} | ${dependencies} | ${toText(tarball)} | ${toText(installed)} |`,
  )
  const table = ["| package | dependencies | tarball | installed |", "| --- | ---: | ---: | ---: |", ...rows]
  return page.replace(section, (_, begin, end) => `${begin}\n${table.join("\n")}\n\n${end}`)
}

/** Where the table of the page is wrong. Sizes may differ by a tenth, because dependencies are released without us. */
export function compareTable(page: string, sizes: readonly Size[]): string[] {
  const rows = new Map(
    [...page.matchAll(/^\| (@singlesink\/\S+) \| (\d+) \| (\S+ \S+) \| (\S+ \S+) \|$/gm)].map(
      ([, name = "", dependencies, tarball = "", installed = ""]) => [
        name,
        { dependencies: Number(dependencies), tarball: toBytes(tarball), installed: toBytes(installed) },
      ],
    ),
  )
  return sizes.flatMap(size => {
    const row = rows.get(size.name)
    if (row === undefined) return [`${size.name} is missing`]
    return (["dependencies", "tarball", "installed"] as const)
      .filter(column => Math.abs(row[column] - size[column]) > size[column] / 10)
      .map(column => `${size.name}: ${column} is ${size[column]}, not ${row[column]}`)
  })
}

function toText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}

function toBytes(text: string): number {
  const [number, unit] = text.split(" ")
  return Number(number) * (unit === "MB" ? 1_000_000 : 1_000)
}
