import { describeHost } from "./describe-host.ts"
import { startPlainHost } from "./plain-host.ts"

describeHost("plain Node", startPlainHost)
