import type { Authorize } from './identity.ts'

/** Rights that end at a namespace: what is elsewhere, everywhere, or of the whole cluster nobody may. argo: --namespaced. */
export function withinNamespace(authorize: Authorize, namespace: string): Authorize {
  return async (attributes) => {
    if (attributes.namespace === namespace) return authorize(attributes)
    return { allowed: false, reason: `this server is for the namespace ${namespace}` }
  }
}
