import vm from "node:vm"

/** The HTTP client of a sandboxed host. It takes and returns only plain data, which is cloned on the way in and out. */
export type HostFetch = (
  url: string,
  options: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{
  status: number
  headers: Record<string, unknown>
  text: string
}>

/** A fetch like the one of a sandboxed host: it fails if a value cannot be cloned into another context. */
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
 * Runs an ES module without imports in a context that has only ECMAScript: no timers, no URL, no Buffer, no process,
 * no fetch. Node needs --experimental-vm-modules for it.
 */
export async function loadInBareContext<Exports>(code: string): Promise<Exports> {
  const context = vm.createContext({}, { codeGeneration: { strings: false, wasm: false } })
  // V8 adds a console to every context; real sandboxes have none.
  vm.runInContext("delete globalThis.console", context)
  const module = new vm.SourceTextModule(code, { context, identifier: "bundle.js" })
  await module.link(specifier => {
    throw new Error(`The bundle imports ${specifier}, but a bare context has no modules.`)
  })
  await module.evaluate()
  return module.namespace as Exports
}
