import { substitute } from '../expr/tags.ts'
import type { Artifact, Invocation, Parameter } from '../spec/workflow.ts'
import { absentOptional } from './arguments-absent.ts'
import { resolveArtifact } from './arguments-artifact.ts'
import { isLoop } from './loops.ts'
import type { Scope } from './scope.ts'
import { shouldExecute } from './when.ts'

/**
 * An invocation with everything replaced that siblings have to give. `skip`: its `when` is false already,
 * and only `when` was replaced. `unresolved`: something it needs is not there yet; try again later.
 */
export type ResolvedInvocation<T> =
  | { readonly invocation: T; readonly skip: boolean }
  | { readonly unresolved: readonly string[] }
  | { readonly problem: string }

/** Of a template that no step has invoked these have no meaning: what it calls has them replaced for itself. */
const ofTheCalled: ReadonlySet<string> = new Set(['steps.name', 'tasks.name'])

const siblings = { strict: ['steps', 'tasks'] }

/** Replaces the tags of a step or task. Its hooks wait: they may speak of the step itself. */
export function resolveInvocation<T extends Invocation>(
  invocation: T,
  scope: Scope,
  kind: 'steps' | 'tasks',
): ResolvedInvocation<T> {
  const resolved = resolve(invocation, scope, kind)
  return 'problem' in resolved && kind === 'steps'
    ? { problem: `failed to resolve references: ${resolved.problem}` }
    : resolved
}

function resolve<T extends Invocation>(
  invocation: T,
  scope: Scope,
  kind: 'steps' | 'tasks',
): ResolvedInvocation<T> {
  const when = shouldExecute(invocation.when, scope)
  if ('unresolved' in when) return when
  // A loop's `when` may speak of the item, which is not there yet.
  if ('problem' in when && (when.unsubstituted || !isLoop(invocation))) return when
  if ('run' in when && !when.run) {
    return { invocation: { ...invocation, when: when.expression }, skip: true }
  }

  const { hooks, ...body } = invocation
  const made = substitute(markAbsent(body as Invocation, scope), scope, siblings)
  const missing = made.unresolved.filter((tag) => !ofTheCalled.has(tag))
  if (missing.length > 0) return { unresolved: missing }
  if (made.problem !== undefined) return { problem: made.problem }
  const found = withArtifacts(made.value, scope, kind)
  if ('problem' in found) return found
  const complete = hooks === undefined ? found.invocation : { ...found.invocation, hooks }
  return { invocation: complete as T, skip: false }
}

/** Arguments that are nothing but a reference to an absent output count as not given. */
function markAbsent(invocation: Invocation, scope: Scope): Invocation {
  const parameters = invocation.arguments?.parameters
  if (!parameters?.some((parameter) => isAbsent(parameter, scope))) return invocation
  const marked = parameters.map((parameter) =>
    isAbsent(parameter, scope) ? { ...parameter, value: absentOptional } : parameter,
  )
  return { ...invocation, arguments: { ...invocation.arguments, parameters: marked } }
}

function isAbsent({ value }: Parameter, scope: Scope): boolean {
  if (value === undefined || !value.startsWith('{{') || !value.endsWith('}}')) return false
  const name = value.slice(2, -2).trim()
  return !name.includes('{{') && !name.includes('}}') && scope.lookup(name) === null
}

function withArtifacts(
  invocation: Invocation,
  scope: Scope,
  kind: 'steps' | 'tasks',
): { readonly invocation: Invocation } | { readonly problem: string } {
  const asking = invocation.arguments?.artifacts
  if (asking === undefined || asking.length === 0) return { invocation }
  const artifacts: Artifact[] = []
  for (const artifact of asking) {
    const found = argumentArtifact(artifact, scope, kind)
    if ('problem' in found) return found
    if (found.artifact !== undefined) artifacts.push(found.artifact)
  }
  return { invocation: { ...invocation, arguments: { ...invocation.arguments, artifacts } } }
}

/** No artifact: it is optional and not there. */
function argumentArtifact(
  artifact: Artifact,
  scope: Scope,
  kind: 'steps' | 'tasks',
): { readonly artifact: Artifact | undefined } | { readonly problem: string } {
  if (!artifact.from && !artifact.fromExpression) return { artifact }
  const found = resolveArtifact(artifact, scope)
  if (!('problem' in found)) return found
  // argo: a DAG forgives an optional artifact only that nothing has its name, steps forgive all.
  const forgiven = artifact.optional && (kind === 'steps' || found.notThere)
  if (forgiven) return { artifact: undefined }
  const prefix = kind === 'steps' ? 'unable to resolve references: ' : ''
  return { problem: prefix + found.problem }
}

/** What is said of tags that are still unresolved when their turn has come. Upstream would wait for ever for them. */
export function neverResolved(tags: readonly string[]): string {
  return `failed to resolve ${tags.map((tag) => `{{${tag}}}`).join(', ')}: the step it refers to has no such output`
}
