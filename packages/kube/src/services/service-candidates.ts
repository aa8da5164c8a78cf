/** What a name may mean: a service, or a pod that has a name below a service's. */
export interface ServiceCandidate {
  readonly namespace: string
  readonly name: string
  readonly host?: string
}

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const domain = ['cluster', 'local']

/** What a host's name may mean to whoever asks in a namespace, in the order of a cluster's search list. */
export function serviceCandidates(host: string, namespace: string): readonly ServiceCandidate[] {
  const all = host.toLowerCase().replace(/\.$/, '').split('.')
  if (!all.every((part) => label.test(part))) return []
  const isWhole = domain.every((part, index) => all[all.length - 2 + index] === part)
  const rest = isWhole ? all.slice(0, -2) : all
  const isService = rest.at(-1) === 'svc' && rest.length > 1
  const [first = '', second = '', third = ''] = rest
  if (isService) return qualified(rest.slice(0, -1))
  if (isWhole) return []
  if (rest.length === 1) return [{ namespace, name: first }]
  if (rest.length === 2)
    return [{ namespace, name: second, host: first }, ...qualified([first, second])]
  return rest.length === 3 ? qualified([first, second, third]) : []
}

/** `name.namespace`, or `host.name.namespace`. */
function qualified(parts: readonly string[]): readonly ServiceCandidate[] {
  const [first = '', second = '', third = ''] = parts
  if (parts.length === 2) return [{ namespace: second, name: first }]
  return parts.length === 3 ? [{ namespace: third, name: second, host: first }] : []
}
