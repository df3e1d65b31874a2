import type { DestinationDefinition } from '@segment/actions-core'
import { createDestination } from '@singlesink/segment'
import type { Settings } from './generated-types'

const destination: DestinationDefinition<Settings> = createDestination({
  // The tables of today's customers have no unique key.
  deduplicate: false,
  // The hosts come from customers.
  forbidPrivateHosts: true
})

export default destination
