import type { Pod } from '@argosy/engine'
import { badRequest } from '../refusals.ts'

/** The container that a request means: the one it names, or the only one. Throws Kubernetes' refusal. */
export function containerOf({ metadata, spec }: Pod, wanted: string): string {
  const mains = spec.containers.map(({ name }) => name)
  const inits = (spec.initContainers ?? []).map(({ name }) => name)
  if (wanted !== '') {
    const added = (spec.ephemeralContainers ?? []).map(({ name }) => name)
    if ([...mains, ...inits, ...added].includes(wanted)) return wanted
    throw badRequest(`container ${wanted} is not valid for pod ${metadata.name}`)
  }
  const [only] = mains
  if (mains.length === 1 && only !== undefined && inits.length === 0) return only
  const also = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : ''
  throw badRequest(
    `a container name must be specified for pod ${metadata.name}, choose one of: [${mains.join(' ')}]${also}`,
  )
}
