import { StatusError } from '@argosy/kube'
import type { Attributes, Authorize } from './identity.ts'

/** Throws `Forbidden`, in Kubernetes' words, unless it is allowed. */
export async function allow(authorize: Authorize, attributes: Attributes): Promise<void> {
  const { allowed } = await authorize(attributes)
  if (allowed) return
  const { identity, verb, group, resource, subresource, namespace, name } = attributes
  const qualified = group === '' ? resource : `${resource}.${group}`
  const what = name ? `${qualified} "${name}"` : qualified
  const part = subresource === undefined ? resource : `${resource}/${subresource}`
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  throw new StatusError(
    'Forbidden',
    `${what} is forbidden: User "${identity.user}" cannot ${verb} resource "${part}" in API group "${group}" ${where}`,
  )
}
