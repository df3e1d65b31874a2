import vm from "node:vm"
import { createCloningFetch, type HostFetch, loadInBareContext } from "@singlesink/conformance"
import { buildSync } from "esbuild"
import type { JitsuContext } from "../host.ts"
import type { createFunction, JitsuDestination } from "../index.ts"

/** The exports of a function's module that Jitsu reads. */
export interface FunctionModule {
  default: JitsuDestination
  createFunction: typeof createFunction
  config: { slug: string }
}

/** One of the environments in which Jitsu runs a function, reproduced without Jitsu. */
export interface JitsuRuntime {
  name: string
  /** Creates a new instance of the function from the code that Jitsu stores. */
  load(code: string): Promise<FunctionModule>
  /** The `ctx.fetch` of this environment, over the given HTTP client. */
  toFetch(fetch: HostFetch): JitsuContext["fetch"]
}

/** The HTTP client of environments that return responses as plain objects. */
export const networkFetch: HostFetch = async (url, options) => {
  const response = await fetch(url, options)
  const headers = Object.fromEntries(response.headers)
  return { status: response.status, headers, text: await response.text() }
}

const toPlainObjectFetch = (fetch: HostFetch) => createCloningFetch(fetch) as unknown as JitsuContext["fetch"]

/** The code that functions-server prepends to a function, in the same scope. */
const prelude = "const process = { env: { PLAN: 'pro' } };\nconst console = { log() {}, error() {} };\n"

export const runtimes: readonly JitsuRuntime[] = [
  {
    name: "up to 2.11, in an isolate of rotor",
    load: loadInBareContext,
    toFetch: toPlainObjectFetch,
  },
  {
    name: "from 2.14, in a worker without permissions",
    async load(code) {
      const { outputFiles } = buildSync({
        stdin: { contents: prelude + code },
        bundle: true,
        format: "iife",
        globalName: "module",
        platform: "neutral",
        write: false,
      })
      // The global fetch exists, but a worker has no permission to use it.
      return new Function("fetch", `${outputFiles[0]?.text}; return module`)(() => {
        throw new Error("no permission to use the network")
      })
    },
    toFetch: toPlainObjectFetch,
  },
  {
    name: "from 2.14, dedicated, in a separate module with a real Response",
    async load(code) {
      const module = new vm.SourceTextModule(prelude + code)
      await module.link(specifier => {
        throw new Error(`The bundle imports ${specifier}.`)
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
