import { readFileSync } from "node:fs"
import { validate } from "dockerfile-utils"
import { expect, test } from "vitest"

const folder = new URL("../../", import.meta.url)
const dockerfile = readFileSync(new URL("Dockerfile", folder), "utf8")
const { bin, files } = JSON.parse(readFileSync(new URL("package.json", folder), "utf8"))

test("The Dockerfile has no mistake that its language server knows", () => {
  expect(validate(dockerfile)).toEqual([])
  expect(validate(dockerfile.replace("COPY", "COPPY"))).toHaveLength(1)
})

test("The image starts the binary of the package, and not as root", () => {
  const [, entry = "[]"] = /^ENTRYPOINT (.+)$/m.exec(dockerfile) ?? []
  expect(JSON.parse(entry)).toEqual(["node", `/app/node_modules/@singlesink/cli/${bin.singlesink.slice(2)}`])
  expect(files).toContain("dist")
  expect(dockerfile).toMatch(/^USER node$/m)
})
