import type { DagTask } from '../../spec/workflow.ts'

/** One task that another waits for. */
export interface Dependency {
  readonly name: string
  /** It is asked how its items fared, so it must have some. */
  readonly needsItems: boolean
  /** Where in the waiting task it is named. */
  readonly inside: string
}

/** The tasks that a task names in `depends`, or else in `dependencies`; each once. */
export function dependenciesOf({ depends, dependencies }: DagTask): Dependency[] {
  if (!depends) {
    return [...new Set(dependencies)].map((name, index) => ({
      name,
      needsItems: false,
      inside: `.dependencies[${index}]`,
    }))
  }
  const found = new Map<string, boolean>()
  for (const [, withResult, bare = ''] of depends.matchAll(operand)) {
    const [name = '', result] = withResult?.split('.') ?? [bare]
    const needsItems = result === 'AnySucceeded' || result === 'AllFailed'
    found.set(name, needsItems || (withResult !== undefined && found.get(name) === true))
  }
  return [...found].map(([name, needsItems]) => ({ name, needsItems, inside: '.depends' }))
}

const operand = /([a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+)|([a-zA-Z0-9][-a-zA-Z0-9]*)/g

/** Every `task.Result` of a depends expression. */
export function resultsIn(depends: string): { readonly task: string; readonly result: string }[] {
  return [...depends.matchAll(/[a-zA-Z0-9][-a-zA-Z0-9]*?\.[A-Z][a-zA-Z]+/g)].map(([text]) => {
    const [task = '', result = ''] = text.split('.')
    return { task, result }
  })
}
