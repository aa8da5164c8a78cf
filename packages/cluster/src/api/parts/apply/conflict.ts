import { type FieldPath, type FieldSet, pathsOf, pathText } from './field-set.ts'
import type { ManagerId } from './managers.ts'

/** Fields that somebody else owns. */
export interface Claim {
  readonly id: ManagerId
  readonly fields: FieldSet
}

/** Why an apply was not done; the caller answers 409 with reason Conflict. */
export interface ApplyConflict {
  readonly message: string
  readonly causes: readonly {
    readonly reason: 'FieldManagerConflict'
    readonly message: string
    readonly field: string
  }[]
}

/** Kubernetes' words for it, which kubectl shows as they are. */
export function conflictOf(claims: readonly Claim[]): ApplyConflict {
  const all = claims
    .flatMap(({ id, fields }) => pathsOf(fields).map((path) => ({ owner: ownerText(id), path })))
    .sort((a, b) => (a.owner < b.owner ? -1 : a.owner > b.owner ? 1 : 0))
  return {
    message: messageOf(all),
    causes: all.map(({ owner, path }) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${owner}`,
      field: pathText(path),
    })),
  }
}

function messageOf(all: readonly { readonly owner: string; readonly path: FieldPath }[]): string {
  const [only] = all
  if (all.length === 1 && only) {
    return `Apply failed with 1 conflict: conflict with ${only.owner}: ${pathText(only.path)}`
  }
  const owners = [...new Set(all.map(({ owner }) => owner))]
  const lines = owners.flatMap((owner) => {
    const claimed = all.filter((one) => one.owner === owner)
    return [`conflicts with ${owner}:`, ...claimed.map(({ path }) => `- ${pathText(path)}`)]
  })
  return `Apply failed with ${all.length} conflicts: ${lines.join('\n')}`
}

function ownerText({ manager, operation, apiVersion, subresource }: ManagerId): string {
  const name = JSON.stringify(manager)
  const owner = subresource ? `${name} with subresource ${JSON.stringify(subresource)}` : name
  return operation === 'Update' ? `${owner} using ${apiVersion}` : owner
}
