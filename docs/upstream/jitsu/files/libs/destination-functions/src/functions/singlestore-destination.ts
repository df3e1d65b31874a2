import type { AnalyticsServerEvent } from "@jitsu/protocols/analytics";
import type { JitsuFunction } from "@jitsu/protocols/functions";
import { createFunction } from "@singlesink/jitsu";
import type { SinglestoreCredentials } from "./singlestore/meta";

// It answers when the event is committed. Events that come while a request is in flight share the next one.
const SinglestoreDestination: JitsuFunction<AnalyticsServerEvent, SinglestoreCredentials> = createFunction();

SinglestoreDestination.displayName = "singlestore-destination";

SinglestoreDestination.description = "Stores every event in a SingleStore table, once";

export default SinglestoreDestination;
