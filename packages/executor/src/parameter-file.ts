import type { Parameter } from '@argosy/engine'

/** Where an output parameter's value is, inside the container: for one of an object, where our own program puts it. */
export function parameterFile({ name, valueFrom }: Parameter): string {
  if (valueFrom?.path) return valueFrom.path
  return valueFrom?.jsonPath || valueFrom?.jqFilter ? `/var/run/argo/outputs/${name}` : ''
}
