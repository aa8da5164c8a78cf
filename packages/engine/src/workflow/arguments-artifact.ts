import { substitute } from '../expr/tags.ts'
import { evaluateExpression } from '../expr/tags-expression.ts'
import { isObject } from '../spec/json.ts'
import type { Artifact } from '../spec/workflow.ts'
import { withSubPath } from './arguments-location.ts'
import type { Scope } from './scope.ts'

export type FoundArtifact =
  | { readonly artifact: Artifact }
  /** `notThere`: nothing has that name. */
  | { readonly problem: string; readonly notThere?: boolean }

/** The artifact that `from` or `fromExpression` names, under the name of the one that asks. */
export function resolveArtifact(asking: Artifact, scope: Scope): FoundArtifact {
  const found = asking.fromExpression
    ? byExpression(asking, asking.fromExpression, scope)
    : byReference(asking, asking.from ?? '', scope)
  if ('problem' in found) return found
  const below = asking.subPath ? atSubPath(found.artifact, asking.subPath, scope) : found
  return 'problem' in below ? below : { artifact: { ...below.artifact, name: asking.name } }
}

/** A variable's name: the text between the braces, or the text itself. */
export function referenceName(reference: string): string {
  return reference.replace(/^\{\{/, '').replace(/\}\}$/, '').trim()
}

function byReference(asking: Artifact, from: string, scope: Scope): FoundArtifact {
  const name = referenceName(from)
  if (name.startsWith('=')) return byExpression(asking, name.slice(1), scope)
  const artifact = scope.artifact(name)
  if (artifact !== undefined) return { artifact: artifact ?? { name: '' } }
  if (scope.lookup(name) !== undefined) return notAnArtifact(asking)
  return { problem: `Unable to resolve: ${JSON.stringify(name)}`, notThere: true }
}

function byExpression(asking: Artifact, source: string, scope: Scope): FoundArtifact {
  const result = evaluateExpression(source, scope.artifactEnvironment(), scope.impure)
  if ('error' in result) return { problem: result.error }
  return isArtifact(result.value) ? { artifact: result.value } : notAnArtifact(asking)
}

function isArtifact(value: unknown): value is Artifact {
  return isObject(value) && typeof value['name'] === 'string'
}

function notAnArtifact({ name }: Artifact): FoundArtifact {
  return { problem: `Variable {{${name}}} is not an artifact` }
}

function atSubPath(artifact: Artifact, subPath: string, scope: Scope): FoundArtifact {
  const { value, problem } = substitute(subPath, scope)
  if (problem !== undefined) return { problem }
  const moved = withSubPath(artifact, value)
  return 'problem' in moved && artifact.optional ? { artifact } : moved
}
