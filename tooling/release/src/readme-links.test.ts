import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { toAbsoluteLinks } from "./readme-links.ts"

const root = new URL("../../../", import.meta.url)
const repository = "https://github.com/an-owner/a-name"

test.each([
  ["[a page](../../docs/a.md#part)", `[a page](${repository}/blob/HEAD/docs/a.md#part)`],
  ["[a package](../core)", `[a package](${repository}/blob/HEAD/packages/core)`],
  ["[a file](Dockerfile)", `[a file](${repository}/blob/HEAD/packages/cli/Dockerfile)`],
  ["![a picture](../../docs/a.png)", `![a picture](${repository}/raw/HEAD/docs/a.png)`],
  [
    "[`code`](#part) and [a site](https://example.com/a)",
    "[`code`](#part) and [a site](https://example.com/a)",
  ],
])("On npm, %s becomes an absolute link if it is relative", (given, expected) => {
  expect(toAbsoluteLinks(given, repository, "packages/cli")).toBe(expected)
})

test.each(readdirSync(new URL("packages", root)))("The README of %s has no relative link on npm", name => {
  const readme = readFileSync(new URL(`packages/${name}/README.md`, root), "utf8")
  expect(toAbsoluteLinks(readme, repository, `packages/${name}`)).not.toMatch(/\]\((?!https?:|#)/)
})
