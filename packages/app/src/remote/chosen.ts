import { UsageError } from '../shell/usage-error.ts'
import type { Remote } from './connect.ts'
import { listWorkflows } from './list-workflows.ts'
import { namesOf } from './names-of.ts'
import type { Name } from './wait-for.ts'

/** Which workflows a command is about: by name, by selectors, or both. */
export interface Choice {
  readonly names: readonly string[]
  readonly selector?: string
  readonly fieldSelector?: string
}

/** Those that the selectors mean, then those that are named, each once. Throws when nothing is asked for. */
export async function chosen(
  remote: Remote,
  { names, selector, fieldSelector }: Choice,
  now: number,
): Promise<readonly Name[]> {
  const bySelector = Boolean(selector || fieldSelector)
  if (names.length === 0 && !bySelector)
    throw new UsageError('requires either selector or workflow')
  const filter = { ...(selector && { selector }), ...(fieldSelector && { fieldSelector }) }
  const listed = bySelector ? await listWorkflows(remote, filter, { now }) : []
  const all = [
    ...listed.map(({ metadata: { namespace = '', name = '' } }) => ({ namespace, name })),
    ...(await namesOf(remote, names)),
  ]
  return [...new Map(all.map((one) => [`${one.namespace}/${one.name}`, one])).values()]
}
