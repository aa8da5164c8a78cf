import type { KubeObject } from '@argosy/engine'
import { stringify } from 'yaml'

/** Upstream indents one object by four, lists by two. */
export function jsonText(value: KubeObject | readonly KubeObject[]): string {
  return `${JSON.stringify(value, null, Array.isArray(value) ? 2 : 4)}\n`
}

/** Read back by any YAML, also those to whom `yes` is a boolean. */
export function yamlText(value: object): string {
  return stringify(value, {
    ...{ version: '1.1', aliasDuplicateObjects: false, lineWidth: 0, sortMapEntries: true },
  })
}
