import vm from "node:vm"
import { createCloningFetch, type HostFetch, loadInBareContext } from "@singlesink/conformance"
import { buildSync } from "esbuild"
import type { JitsuContext } from "../host.ts"
import type { createFunction, JitsuDestination } from "../index.ts"

/** What Jitsu reads of a function's module. */
export interface FunctionModule {
  default: JitsuDestination
  createFunction: typeof createFunction
  config: { slug: string }
}

/** One of the ways in which Jitsu runs a function, as far as it can be had without a Jitsu. */
export interface JitsuRuntime {
  name: string
  /** Makes the function anew from the text that Jitsu stores. */
  load(code: string): Promise<FunctionModule>
  /** The `ctx.fetch` that a function gets there, over this client. */
  toFetch(fetch: HostFetch): JitsuContext["fetch"]
}

/** The client that runtimes with plain objects have: what comes back is data. */
export const overTheNetwork: HostFetch = async (url, options) => {
  const response = await fetch(url, options)
  const headers = Object.fromEntries(response.headers)
  return { status: response.status, headers, text: await response.text() }
}

const asPlainObjects = (fetch: HostFetch) => createCloningFetch(fetch) as unknown as JitsuContext["fetch"]

/** What functions-server puts before a function's text, in the same scope. */
const prelude = "const process = { env: { PLAN: 'pro' } };\nconst console = { log() {}, error() {} };\n"

export const runtimes: readonly JitsuRuntime[] = [
  {
    name: "up to 2.11: an isolate of rotor's",
    load: loadInBareContext,
    toFetch: asPlainObjects,
  },
  {
    name: "from 2.14: a worker without permissions",
    async load(code) {
      const { outputFiles } = buildSync({
        stdin: { contents: prelude + code },
        bundle: true,
        format: "iife",
        globalName: "module",
        platform: "neutral",
        write: false,
      })
      // Its global fetch is there, and may not be used.
      return new Function("fetch", `${outputFiles[0]?.text}; return module`)(() => {
        throw new Error("no permission to use the network")
      })
    },
    toFetch: asPlainObjects,
  },
  {
    name: "from 2.14, dedicated: a module of its own, with a real Response",
    async load(code) {
      const module = new vm.SourceTextModule(prelude + code)
      await module.link(specifier => {
        throw new Error(`the bundle imports ${specifier}`)
      })
      await module.evaluate()
      return module.namespace as FunctionModule
    },
    toFetch: client => async (url, options) => {
      const { status, headers, text } = await client(url, options)
      return new Response(status === 204 ? null : text, {
        status,
        headers: headers as Record<string, string>,
      })
    },
  },
]
