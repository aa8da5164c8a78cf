import type { Kind } from '../kinds.ts'

/** The one operation that clients look for: how a kind is patched. */
export interface Operation {
  readonly path: string
  readonly id: string
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string }
}

/** Query parameters that clients look for before they use them. */
export const patchParameters = ['dryRun', 'fieldManager', 'fieldValidation']

export function operationOf({ resource }: Kind, version: string): Operation {
  const { group, plural, kind, namespaced } = resource
  const root = pathOf({ resource } as Kind, version)
  const place = namespaced ? '/namespaces/{namespace}' : ''
  return {
    path: `/${root}${place}/${plural}/{name}`,
    id: `patch${pascal(group.split('.')[0] || 'core')}${pascal(version)}${namespaced ? 'Namespaced' : ''}${kind}`,
    kind: { group, version, kind },
  }
}

export function pathOf({ resource }: Kind, version: string): string {
  return resource.group === '' ? `api/${version}` : `apis/${resource.group}/${version}`
}

function pascal(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
