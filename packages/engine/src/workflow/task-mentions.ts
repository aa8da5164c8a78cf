import type { Invocation } from '../spec/workflow.ts'

const known = new WeakMap<Invocation, readonly string[]>()
const mention = /tasks(?:\.|\??\.?\[\\?["'])([A-Za-z0-9][-A-Za-z0-9_]*)/g

/** The tasks whose results an invocation's text may refer to: `tasks.A.…` and `tasks['A']…`. */
export function mentionedTasks(invocation: Invocation): readonly string[] {
  const before = known.get(invocation)
  if (before !== undefined) return before
  const text = JSON.stringify(invocation)
  const names = new Set<string>()
  for (const match of text.matchAll(mention)) {
    if (match[1] !== undefined) names.add(match[1])
  }
  const mentioned = [...names]
  known.set(invocation, mentioned)
  return mentioned
}
