// Loads every entry of every installed package, by import and, where it is declared, by require.
import { readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"

const require = createRequire(import.meta.url)
const scope = new URL("./node_modules/@singlesink/", import.meta.url)
let entries = 0
for (const folder of readdirSync(scope)) {
  const { name, exports } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, scope), "utf8"))
  for (const [path, conditions] of Object.entries(exports)) {
    if (path === "./package.json") continue
    const specifier = name + path.slice(1)
    const names = Object.keys(await import(specifier)).filter(
      name => name !== "default" && name !== "module.exports",
    )
    if (conditions.require !== undefined) {
      const required = require(specifier)
      const missing = names.filter(name => !(name in required))
      if (missing.length > 0) throw new Error(`require("${specifier}") has no ${missing.join(", ")}`)
    }
    entries++
  }
}
console.log(`${entries} entries`)
