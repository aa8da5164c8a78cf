import { parseEventSource, parseSensor } from '@argosy/engine'
import { resources } from '@argosy/kube'
import type { StoredKind } from '../stored/stored-kind.ts'

/** Argo Events' kinds, which are passed on: who runs them checks them. argo: EventSourceService, SensorService. */
export const eventSourceKind: StoredKind = {
  resource: resources.eventSources,
  plural: 'event-sources',
  field: 'eventSource',
  missing: 'event source was not found in the request body',
  parse: (json) => {
    const { eventSource, problems } = parseEventSource(json)
    return { object: eventSource, problems }
  },
}

export const sensorKind: StoredKind = {
  resource: resources.sensors,
  plural: 'sensors',
  field: 'sensor',
  missing: 'sensor was not found in the request body',
  parse: (json) => {
    const { sensor, problems } = parseSensor(json)
    return { object: sensor, problems }
  },
}
