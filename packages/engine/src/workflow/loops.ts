import { type Substituted, substitute } from '../expr/tags.ts'
import type { Json } from '../spec/json.ts'
import type { Invocation, LifecycleHook } from '../spec/workflow.ts'
import { isMap, itemString, itemText } from './loops-item.ts'
import type { Items } from './loops-items.ts'
import { listItems } from './loops-param.ts'
import { sequenceItems } from './loops-sequence.ts'
import { itemName } from './names.ts'
import type { Scope } from './scope.ts'
import { evaluated } from './when.ts'

export type { Items } from './loops-items.ts'

/** Whether a step or task stands for one per item. */
export function isLoop(invocation: Invocation): boolean {
  const { withItems, withParam, withSequence } = invocation
  return (withItems?.length ?? 0) > 0 || Boolean(withParam) || withSequence !== undefined
}

/** Each item becomes a node: more of them than this no Workflow can hold. Upstream tries. */
const mostItems = 1_000_000

type Found = { readonly items: Items } | { readonly problem: string }

/**
 * The items of an invocation whose tags are replaced already (`resolveInvocation`), each of which can become one:
 * argo: expandTask and expandStep make all of them before the first begins.
 */
export function expandedItems(invocation: Invocation, scope: Scope): Found {
  const found = loopItems(invocation)
  if ('problem' in found) return found
  const problem = firstProblem(invocation, found.items, scope)
  return problem === undefined ? found : { problem }
}

/** Items that have the same keys resolve the same tags; what an expression makes of one only it can tell. */
function firstProblem(invocation: Invocation, items: Items, scope: Scope): string | undefined {
  const { body, never } = prepared(invocation)
  if (never) return undefined
  const isEach = /\{\{(?:\s|\\[nrt])*=/.test(JSON.stringify(body))
  const seen = new Set<string>()
  for (let index = 0; index < items.length; index++) {
    const item = items.at(index) ?? null
    const known = seen.size
    if (!isEach && seen.add(keysOf(item)).size === known) continue
    const made = itemInvocation(invocation, item, index, scope)
    if ('problem' in made) return made.problem
  }
  return undefined
}

function keysOf(item: Json): string {
  return isMap(item) ? Object.keys(item).sort().join('\n') : ''
}

/** The items of an invocation whose tags are replaced already (`resolveInvocation`). */
export function loopItems(invocation: Invocation): Found {
  const { withItems, withParam, withSequence } = invocation
  if (withItems && withItems.length > 0) return { items: withItems }
  const found = withParam ? listItems(withParam) : withSequence && sequenceItems(withSequence)
  if (found === undefined) return { items: [] }
  const result = withinMost(found, withParam ? 'withParam' : 'withSequence')
  if (!('problem' in result)) return result
  // argo: items that cannot be made do no harm when the step would not run anyway.
  const when = evaluated(invocation.when)
  return 'run' in when && !when.run ? { items: [] } : result
}

function withinMost(found: Found, field: 'withParam' | 'withSequence'): Found {
  if ('problem' in found || found.items.length <= mostItems) return found
  const problem = `${field} gives ${found.items.length} items, more than the ${mostItems} that one loop may have`
  return { problem: `${problem}: split it into several loops or workflows` }
}

/** The invocation for one item: named for it, `{{item}}` replaced, nothing left to loop over. */
export function itemInvocation<T extends Invocation>(
  invocation: T,
  item: Json,
  index: number,
  scope: Scope,
): { readonly invocation: T } | { readonly problem: string } {
  const { body, hooks, never } = prepared(invocation)
  const variables = itemScope(scope, item)
  // argo: a step that does not look as if it will run may keep tags that nothing resolves.
  const made = substitute(body, variables, { final: !never })
  const problem = never ? undefined : made.problem
  if (problem !== undefined) return { problem }
  const named = { ...made.value, name: itemName(invocation.name, index, item) }
  const itemHooks: Substituted<Hooks> | undefined = hooks && substitute(hooks, variables)
  const rest = { template: invocation.template, hooks: itemHooks?.value }
  return { invocation: { ...named, ...defined(rest) } as T }
}

type Hooks = Readonly<Record<string, LifecycleHook>>

interface Prepared {
  readonly body: Invocation
  readonly hooks: Hooks | undefined
  /** `when` is false as it stands; with the item in its place it may yet be true. */
  readonly never: boolean
}

const preparations = new WeakMap<Invocation, Prepared>()

function prepared(invocation: Invocation): Prepared {
  const known = preparations.get(invocation)
  if (known !== undefined) return known
  const {
    withItems: _,
    withParam: __,
    withSequence: ___,
    template: ____,
    hooks,
    ...body
  } = invocation
  const when = evaluated(invocation.when)
  const made = { body, hooks, never: 'run' in when && !when.run }
  preparations.set(invocation, made)
  return made
}

function itemScope(parent: Scope, item: Json): Scope {
  const scope = parent.child()
  scope.set('item', itemText(item))
  if (isMap(item)) {
    for (const [key, value] of Object.entries(item)) {
      scope.set(`item.${key}`, itemString(value ?? null))
    }
  }
  return scope
}

function defined<T extends object>(members: T): Partial<T> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined)
  return Object.fromEntries(kept) as Partial<T>
}
