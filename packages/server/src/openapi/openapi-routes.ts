import { json } from '../http/reply.ts'
import type { Route } from '../http/router.ts'
import { type Described, describeApi } from './describe-api.ts'

/** The description of the API; it tells nothing of what is kept here, so anybody may read it. */
export function openApiRoutes(described: Described): readonly Route[] {
  const handle = async () => json(describeApi(described))
  return [{ method: 'GET', path: '/api/openapi.json', isPublic: true, handle }]
}
