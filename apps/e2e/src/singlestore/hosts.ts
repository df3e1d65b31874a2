import type { Skips, StartHost } from "@singlesink/conformance"
import { startPlainHost } from "@singlesink/conformance/plain-host"
import { createJitsuHost } from "../demo/jitsu.ts"
import { startSegmentHost } from "../demo/segment.ts"

export interface SuiteHost {
  name: string
  start: StartHost
  skips?: Skips
}

/** Every host, with its real runtime. */
export function toSuiteHosts(jitsuBundle: string): SuiteHost[] {
  const onlyObjects = "actions-core accepts only objects in a field of type object"
  return [
    { name: "plain Node", start: startPlainHost },
    { name: "Jitsu function", start: createJitsuHost(jitsuBundle) },
    {
      name: "Segment action",
      start: startSegmentHost,
      skips: {
        "The host keeps properties that are a list": onlyObjects,
        "The host keeps properties that are a string": onlyObjects,
      },
    },
  ]
}
