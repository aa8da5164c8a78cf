import { existsSync, readFileSync } from 'node:fs'
import type { NodeStatus } from '../../packages/engine/src/index.ts'
import type { End } from './house.ts'

/** An end in the words of the table, without what differs from run to run. */
export interface Account {
  readonly end: string
  readonly steps: Readonly<Record<string, string>>
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly globals: Readonly<Record<string, string>>
}

const groups: ReadonlySet<string> = new Set(['Steps', 'StepGroup', 'DAG', 'TaskGroup'])

export function accountOf({ workflow, nodes, said }: End): Account {
  const { status, metadata } = workflow
  const plain = (text: string) => withoutChance(text, metadata.name ?? '')
  const steps: Record<string, string> = {}
  const outputs: Record<string, Readonly<Record<string, string>>> = {}
  for (const [name, node] of nodes) {
    if (!groups.has(node.type)) steps[name] = plain(lineOf(node, said.get(name) ?? ''))
    const parameters = valuesOf(node.outputs?.parameters)
    if (Object.keys(parameters).length > 0) outputs[name] = parameters
  }
  const { phase = '', message } = status ?? {}
  const end = plain(message ? `${phase}: ${message}` : phase)
  return { end, steps, outputs, globals: valuesOf(status?.outputs?.parameters) }
}

function lineOf({ type, phase, message }: NodeStatus, said: string): string {
  const retry = type === 'Retry' ? ['retries'] : []
  const how = phase === 'Succeeded' ? [] : [message ? `${phase}: ${message}` : `${phase}`]
  return [...retry, ...how, ...(said === '' ? [] : [said])].join(' | ')
}

function valuesOf(
  parameters: readonly { readonly name: string; readonly value?: unknown }[] = [],
): Readonly<Record<string, string>> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, String(value)]))
}

const osRelease = existsSync('/etc/os-release')
  ? readFileSync('/etc/os-release', 'utf8').trim()
  : ''

/** Names, ids of nodes, this machine, and what `sh -x` tells on the other stream at any moment. */
function withoutChance(text: string, name: string): string {
  return text
    .replaceAll(name, '{name}')
    .replaceAll(/\{name\}-\d+/g, '{name}-#')
    .replaceAll(osRelease, '{os-release}')
    .split('\n')
    .filter((line) => !line.startsWith('+ '))
    .join('\n')
}
