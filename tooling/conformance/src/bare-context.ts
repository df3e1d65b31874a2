import vm from "node:vm"

/** What a sandboxed host lets through to its HTTP client: plain data, cloned on the way in and on the way out. */
export type HostFetch = (
  url: string,
  options: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{
  status: number
  headers: Record<string, unknown>
  text: string
}>

/** The fetch of a sandboxed host: what cannot be cloned into another context fails, as it does there. */
export function createCloningFetch(fetch: HostFetch): (url: string, options: object) => Promise<object> {
  return async (url, options) => {
    const { status, headers, text } = await fetch(url, structuredClone(options) as Parameters<HostFetch>[1])
    return {
      status,
      headers: structuredClone(headers),
      text: async () => text,
      ok: status >= 200 && status < 300,
    }
  }
}

/**
 * Runs an ES module that imports nothing in a context that has ECMAScript and nothing else: no timers, no URL, no
 * Buffer, no process, no fetch. Node needs --experimental-vm-modules for it.
 */
export async function loadInBareContext<Exports>(code: string): Promise<Exports> {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  // V8 gives every context a console; a module that needs it would not run where there is none.
  vm.runInContext("delete globalThis.console", context)
  const module = new vm.SourceTextModule(code, { context, identifier: "bundle.js" })
  await module.link(specifier => {
    throw new Error(`the bundle imports ${specifier}, and a bare context has no modules`)
  })
  await module.evaluate()
  return module.namespace as Exports
}
