import { archiveRoutes } from './archive/archive-routes.ts'
import { artifactRoutes } from './artifacts/artifact-routes.ts'
import { eventFlowRoutes } from './events/event-flow-routes.ts'
import { eventRoutes } from './events/event-routes.ts'
import type { Route } from './http/router.ts'
import { infoRoutes } from './info/info-routes.ts'
import { rightsRoutes } from './info/rights-routes.ts'
import { storedRoutes } from './stored/stored-routes.ts'
import { syncRoutes } from './sync/sync-routes.ts'
import { workflowRoutes } from './workflows/workflow-routes.ts'
import type { World } from './world.ts'

/** Every endpoint below the base path. */
export function apiRoutes(world: World): readonly Route[] {
  return [
    ...workflowRoutes(world),
    ...storedRoutes(world),
    ...archiveRoutes(world),
    ...artifactRoutes(world),
    ...eventRoutes(world),
    ...eventFlowRoutes(world),
    ...syncRoutes(),
    ...infoRoutes(world),
    ...rightsRoutes(),
  ]
}
