import type { Json } from '@argosy/engine'
import type { Step } from './field-set.ts'
import { type Child, childrenOf, type Parts, partsOf, type Shape } from './shape.ts'

/** A value with another one laid over it, part by part. */
export function merge(under: Json, over: Json, shape: Shape): Json {
  const left = partsOf(under, shape)
  const right = partsOf(over, shape)
  if (left === undefined || right === undefined || left.is !== right.is) return over
  if (isEmpty(left) && isEmpty(right)) return over
  return right.is === 'object' ? mergeMembers(left, right) : mergeItems(left, right)
}

function isEmpty({ value }: Parts): boolean {
  return Object.keys(value).length === 0
}

function mergeMembers(left: Parts, right: Parts): Json {
  const merged = new Map([...childrenOf(left)].map(([step, { value }]) => [step, value]))
  for (const [step, { value, shape }] of childrenOf(right)) {
    const under = merged.get(step)
    merged.set(step, under === undefined ? value : merge(under, value, shape))
  }
  return Object.fromEntries([...merged].map(([step, value]) => [step.slice(2), value]))
}

/**
 * Shared items stand in the order of what is laid over; the others keep their place among them. An item below that both
 * have is passed by unless it is the next one that both have: it comes when what is laid over comes to it.
 */
function mergeItems(left: Parts, right: Parts): Json {
  const [under, over] = [childrenOf(left), childrenOf(right)]
  return mergedOrder([...under.keys()], [...over.keys()]).map((step) =>
    itemOf(under.get(step), over.get(step)),
  )
}

function mergedOrder(under: readonly Step[], over: readonly Step[]): readonly Step[] {
  const [old, young] = [[...under], [...over]]
  const known = new Set(over)
  const shared = over.filter((step) => under.includes(step))
  const taken = new Set<Step>()
  const takeNext = () => {
    const next = young.shift()
    if (next !== undefined) taken.add(next)
    if (next === shared[0]) shared.shift()
  }
  while (old.length > 0 || young.length > 0) {
    const [mine] = old
    if (mine !== undefined && !known.has(mine)) taken.add(mine)
    if (mine !== undefined && (taken.has(mine) || isPassedBy(mine, young[0], shared[0])))
      old.shift()
    else takeNext()
  }
  return [...taken]
}

/** An item that both have waits for its turn. */
function isPassedBy(mine: Step, next: Step | undefined, shared: Step | undefined): boolean {
  return next !== undefined && mine !== next && shared !== undefined && shared !== mine
}

function itemOf(below: Child | undefined, above: Child | undefined): Json {
  if (below === undefined || above === undefined) return (above ?? below)?.value ?? null
  return merge(below.value, above.value, above.shape)
}
