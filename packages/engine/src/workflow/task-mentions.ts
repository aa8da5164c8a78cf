import type { Invocation } from '../spec/workflow.ts'

/** The tasks whose results an invocation may refer to. */
export interface Mentions {
  /** Those that its text names: `tasks.A.…` and `tasks['A']…`. */
  readonly names: readonly string[]
  /** An expression works out for itself whom it means: it may be anybody. */
  readonly anybody: boolean
}

const known = new WeakMap<Invocation, Mentions>()

const tags = /\{\{.*?\}\}/gs
/** The variable `tasks`; not a field or a parameter of that name, and not a name that only begins so. */
const variable = /(?<![\w.'"`\\-])tasks(?![\w-])/g
const member = /\??\.([A-Za-z0-9][-\w]*)/y
const element = /\s*(?:\?\.)?\[\s*\\?["'`]([A-Za-z0-9][-\w]*)\\?["'`]\s*\]/y

export function mentionedTasks(invocation: Invocation): Mentions {
  const before = known.get(invocation)
  if (before !== undefined) return before
  const names = new Set<string>()
  let anybody = false
  for (const source of sourcesOf(invocation)) {
    for (const { index } of source.matchAll(variable)) {
      const name = nameBehind(source, index + 'tasks'.length)
      if (name === undefined) anybody = true
      else names.add(name)
    }
  }
  const mentions = { names: [...names], anybody }
  known.set(invocation, mentions)
  return mentions
}

/** Where variables are read: in tags, and in the fields that are expressions as a whole. */
function sourcesOf(invocation: Invocation): readonly string[] {
  const { hooks = {}, arguments: args } = invocation
  const given = [args, ...Object.values(hooks).map((hook) => hook.arguments)]
  const artifacts = given.flatMap((one) => one?.artifacts ?? [])
  const bare = [
    ...Object.values(hooks).map(({ expression }) => expression),
    ...artifacts.flatMap(({ from, fromExpression }) => [from, fromExpression]),
  ].filter((text) => text !== undefined)
  return [...(JSON.stringify(invocation).match(tags) ?? []), ...bare]
}

function nameBehind(source: string, at: number): string | undefined {
  for (const shape of [member, element]) {
    shape.lastIndex = at
    const name = shape.exec(source)?.[1]
    if (name !== undefined) return name
  }
  return undefined
}
