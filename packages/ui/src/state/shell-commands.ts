import type { NodeStatus, Workflow } from '@argosy/engine'
import { hasFailed, isOver, nodePhase, runPhase } from '../format/phase.ts'
import { attemptsOf, podOf } from './pods.ts'

/** What to type in a terminal, and what for. */
export interface ShellCommand {
  readonly about: string
  readonly command: string
}

/** What helps with one step from a terminal: into it while it runs, into a copy of it and why it failed when it is over. */
export function shellCommands(run: Workflow, node: NodeStatus): readonly ShellCommand[] {
  const { name = '', namespace = '' } = run.metadata
  const place = `-n ${quoted(namespace)}`
  const attempt = attemptsOf(run, node).at(-1)
  const pod = attempt && quoted(podOf(run, attempt))
  const container = node.type === 'Container' ? node.displayName : 'main'
  const own = quoted(name)
  const runs = attempt !== undefined && nodePhase(attempt) === 'Running'
  const failed = hasFailed(nodePhase(node))
  return [
    ...(runs
      ? [
          {
            about: 'A shell in it',
            command: `kubectl exec -it ${place} ${pod} -c ${quoted(container)} -- sh`,
          },
        ]
      : []),
    ...(pod && attempt && !runs
      ? [
          {
            about: 'A shell in a copy of it, with its files and inputs',
            command: `argosy debug ${place} ${own} ${quoted(attempt.id)}`,
          },
        ]
      : []),
    ...(failed
      ? [{ about: 'Why it failed', command: `argosy why ${place} ${own} ${quoted(node.name)}` }]
      : []),
    ...(pod
      ? [
          {
            about: 'Its whole log, of all containers',
            command: `argosy logs ${place} --all-containers ${own} ${pod}`,
          },
        ]
      : []),
    ...(failed && isOver(runPhase(run))
      ? [
          {
            about: 'Again from here, watched',
            command: `argosy retry ${place} --watch --restart-successful --node-field-selector ${quoted(`id=${node.id}`)} ${own}`,
          },
        ]
      : []),
  ]
}

/** As a shell takes it for one word. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}
