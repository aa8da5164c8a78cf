import { StatusError } from '@argosy/kube'
import type { Attributes, Authorize } from './identity.ts'

/** Throws `Forbidden`, in Kubernetes' words, unless it is allowed. */
export async function allow(authorize: Authorize, attributes: Attributes): Promise<void> {
  const { allowed, reason } = await authorize(attributes)
  if (!allowed) throw forbidden(attributes, reason === '' ? '' : `: ${reason}`)
}

function forbidden(attributes: Attributes, why: string): StatusError {
  const { identity, verb, path, group, resource, name, namespace, subresource } = attributes
  const user = JSON.stringify(identity.user)
  if (path !== undefined) {
    const message = `forbidden: User ${user} cannot ${verb} path ${JSON.stringify(path)}${why}`
    return new StatusError('Forbidden', message)
  }
  const qualified = group === '' ? resource : `${resource}.${group}`
  const part = subresource === undefined ? resource : `${resource}/${subresource}`
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope'
  const what = name ? `${qualified} ${JSON.stringify(name)}` : qualified
  return new StatusError(
    'Forbidden',
    `${what} is forbidden: User ${user} cannot ${verb} resource ${JSON.stringify(part)} in API group ${JSON.stringify(group)} ${where}${why}`,
    { details: { ...(name && { name }), ...(group && { group }), kind: resource } },
  )
}
