import {
  resumeWorkflow,
  setWorkflow,
  stopWorkflow,
  suspendWorkflow,
  terminateWorkflow,
} from '@argosy/engine'
import { UsageError } from '../shell/usage-error.ts'
import { type Change, changeWorkflow } from './change-workflow.ts'
import type { Remote } from './connect.ts'
import type { Name } from './wait-for.ts'

/** What `argosy stop`, `suspend` and the like were told. */
export interface OperationFlags {
  readonly nodeFieldSelector?: string
  readonly message?: string
}

/** How a verb changes a workflow, and what is said then. */
interface Operation {
  readonly done: string
  /** What an Argo Server is told. */
  body(flags: OperationFlags): object
  change(flags: OperationFlags, now: number): Change
}

export const operations = {
  stop: {
    done: 'stopped',
    body: ({ nodeFieldSelector, message }) => ({ nodeFieldSelector, message }),
    change:
      ({ nodeFieldSelector, message }, now) =>
      (workflow) =>
        stopWorkflow(workflow, {
          now,
          ...(nodeFieldSelector && { nodeFieldSelector }),
          ...(message && { message }),
        }),
  },
  terminate: {
    done: 'terminated',
    body: () => ({}),
    change: () => (workflow) => terminateWorkflow(workflow),
  },
  suspend: {
    done: 'suspended',
    body: () => ({}),
    change: () => (workflow) => suspendWorkflow(workflow),
  },
  resume: {
    done: 'resumed',
    body: ({ nodeFieldSelector }) => ({ nodeFieldSelector }),
    change:
      ({ nodeFieldSelector }, now) =>
      (workflow) =>
        resumeWorkflow(workflow, { now, ...(nodeFieldSelector && { nodeFieldSelector }) }),
  },
} as const satisfies Record<string, Operation>

export interface SetFlags {
  readonly nodeFieldSelector?: string
  readonly phase?: string
  readonly message?: string
  readonly outputParameter: readonly string[]
}

/** Does what a verb says; by patches, unless an Argo Server does it. */
export async function operate(
  remote: Remote,
  name: Name,
  { verb, flags, now }: { verb: keyof typeof operations; flags: OperationFlags; now: number },
): Promise<void> {
  const { body, change } = operations[verb]
  if (remote.argo) await remote.argo.act(name, verb, body(flags))
  else await changeWorkflow(remote, name, change(flags, now))
}

/** `argosy node set`. Throws on a parameter that is none. */
export async function setNodes(
  remote: Remote,
  name: Name,
  { flags, now }: { readonly flags: SetFlags; readonly now: number },
): Promise<void> {
  const pairs = flags.outputParameter.map(pair)
  if (!remote.argo) {
    await changeWorkflow(remote, name, settingOf(flags, pairs, now))
    return
  }
  const { nodeFieldSelector, phase, message } = flags
  await remote.argo.act(name, 'set', {
    ...{ nodeFieldSelector, phase, message },
    ...(pairs.length > 0 && { outputParameters: JSON.stringify(Object.fromEntries(pairs)) }),
  })
}

type Pairs = readonly (readonly [string, string])[]

function settingOf(flags: SetFlags, pairs: Pairs, now: number): Change {
  const { nodeFieldSelector = '', phase, message } = flags
  return (workflow) =>
    setWorkflow(workflow, {
      ...{ now, nodeFieldSelector },
      // The engine says which phases there are.
      ...(phase && { phase: phase as 'Succeeded' }),
      ...(message && { message }),
      ...(pairs.length > 0 && { outputParameters: Object.fromEntries(pairs) }),
    })
}

function pair(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at < 0) throw new UsageError(`expected parameter of the form: NAME=VALUE. Received: ${text}`)
  return [text.slice(0, at), unquoted(text.slice(at + 1))]
}

/** Upstream takes a value in quotes as Go's string. */
function unquoted(text: string): string {
  if (!/^".*"$/s.test(text)) return text
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}
