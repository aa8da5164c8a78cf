import { ignore, type Resource, resources } from '@argosy/kube'
import type { Call } from '../http/call.ts'
import { json, type Reply } from '../http/reply.ts'
import type { Route } from '../http/router.ts'

/** Which of them are asked of one object, where there is a name. */
const verbs = {
  get: 'one',
  list: 'all',
  watch: 'all',
  create: 'all',
  update: 'one',
  patch: 'one',
  delete: 'one',
} as const
const allVerbs = Object.keys(verbs) as readonly (keyof typeof verbs)[]

/** What the pages do something with. */
const asked: readonly Resource[] = [
  resources.workflows,
  resources.workflowTemplates,
  resources.clusterWorkflowTemplates,
  resources.cronWorkflows,
  resources.eventSources,
  resources.sensors,
  resources.pods,
]

/** Ours: what is not allowed need not be offered. */
export function rightsRoutes(): readonly Route[] {
  return [{ method: 'GET', path: '/api/v1/rights/{namespace}', handle: rights }]
}

/**
 * Which verbs whoever asks may use on which kinds in a namespace, or in all of them; with `name`, on objects of that name.
 * It is asked as everything else is: each mode and each role answers for itself.
 */
async function rights({ caller, params, query }: Call): Promise<Reply> {
  const namespace = params['namespace'] ?? ''
  const name = query.get('name') ?? ''
  const mayDo = async (resource: Resource, verb: keyof typeof verbs) => {
    const place = {
      resource,
      ...(resource.namespaced && namespace && { namespace }),
      ...(name && verbs[verb] === 'one' && { name }),
    }
    return caller.may(verb, place).then(() => [verb], ignore('Forbidden'))
  }
  const found = await Promise.all(
    asked.map(async (resource) => {
      const may = await Promise.all(allVerbs.map((verb) => mayDo(resource, verb)))
      return [resource.plural, may.flatMap((one) => one ?? [])] as const
    }),
  )
  return json({ namespace, user: caller.identity.user, verbs: Object.fromEntries(found) })
}
