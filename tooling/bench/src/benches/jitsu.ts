import type { Bench } from "../bench.ts"
import { readBundle } from "../jitsu/bundle.ts"
import { createCallWorkloads } from "../jitsu/calls.ts"
import { gathering } from "../jitsu/gathering.ts"
import { start } from "../jitsu/start.ts"

/** The function's one file as it is built, where Jitsu runs it: in a context that has ECMAScript and nothing else. */
export const jitsu: Bench = {
  name: "jitsu",
  title: "@singlesink/jitsu: CPU time per event, inside a bare context",
  legend: { floor: "JSON.stringify of the event", ours: "a call for each event" },
  workloads: () => createCallWorkloads(readBundle()),
  probes: [start, gathering],
  notes: `\
- What runs is \`dist/bundle.js\`, the one file that Jitsu is given, in a context of \`node:vm\` without timers, URL, Buffer
  or TextEncoder. A context is not an isolate: what it costs to hand an event or a request from one to the other is in
  no number here.
- **floor**, call: \`JSON.stringify\` of each event, one by one. **ours**, call: the function called for each event, 100
  calls at once, until all have resolved. Both are done by code of that context, with the same events, which
  \`JSON.parse\` made there, as Jitsu does. \`ctx.fetch\` is a function of the context, too: it reads the body, so that its
  text is finished, and answers at once with a plain object. 100 calls at once are one request.
- Bytes are those of the requests' bodies for one event.
- The start is the time on the wall to make the context, to compile the module and to evaluate it, and each text differs
  from those before, so that V8 has not compiled it yet. What an empty module takes is the context's own. V8 compiles a
  function when it is first called, so the first event pays for some more.
- 10 in flight: 10 loops outside of the context, each calling for the next event when its call has resolved, in a turn of
  the event loop of its own: so an event that comes while a request is under way waits for that and then for its own,
  twice the server's time. Calls that come in one turn would share a request, and hardly wait. The server is a process
  of its own that answers after 20 ms. Each request is cloned on its way out and the answer on its way in, as a host
  does whose function is in a sandbox.
- A lone call is what the latency is compared with: through the same client to the same server, one at a time, 50 before
  each of five rounds. It is what one request takes, the client's own time included.`,
}
