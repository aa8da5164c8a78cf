import type { Handle, Route } from '../http/router.ts'
import type { StoredKind } from '../stored/stored-kind.ts'
import { routesOf } from '../stored/stored-routes.ts'
import { watchKind } from '../workflows/watch-workflows.ts'
import type { World } from '../world.ts'
import { eventSourceKind, sensorKind } from './event-kinds.ts'
import { eventSourceLogs, sensorLogs } from './event-logs.ts'
import { watchEventFlow } from './watch-event-flow.ts'

/** argo: EventSourceService, SensorService; and one stream of all that a picture of them needs, which is ours. */
export function eventFlowRoutes(world: World): readonly Route[] {
  const get = (path: string, handle: Handle): Route => ({
    ...{ method: 'GET', path: `/api/v1/stream/${path}`, handle },
  })
  const watched = (kind: StoredKind) =>
    get(`${kind.plural}/{namespace}`, (call) => watchKind(call, kind.resource))
  return [
    ...[eventSourceKind, sensorKind].flatMap((kind) => routesOf(kind, world)),
    ...[eventSourceKind, sensorKind].map(watched),
    get('event-sources/{namespace}/logs', (call) => eventSourceLogs(call, world)),
    get('sensors/{namespace}/logs', (call) => sensorLogs(call, world)),
    get('event-flow/{namespace}', watchEventFlow),
  ]
}
