import type { Resource } from '@argosy/kube'

/** The path of one object of a resource, as OpenAPI writes it. */
export function patchPath({ group, version, plural, namespaced }: Resource): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`
}

export function operationId({ group, version, kind, namespaced }: Resource): string {
  const words = [
    group === '' ? 'core' : group.split('.')[0],
    version,
    namespaced ? 'namespaced' : '',
  ]
  return `patch${[...words, kind].map((word) => capital(word ?? '')).join('')}`
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}
