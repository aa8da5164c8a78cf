import {
  resumeWorkflow,
  setWorkflow,
  stopWorkflow,
  suspendWorkflow,
  terminateWorkflow,
} from '@argosy/engine'
import type { Change } from './change-workflow.ts'

/** What `argosy stop`, `suspend` and the like were told. */
export interface OperationFlags {
  readonly nodeFieldSelector?: string
  readonly message?: string
}

/** How a verb changes a workflow, and what is said then. */
interface Operation {
  readonly done: string
  change(flags: OperationFlags, now: number): Change
}

export const operations = {
  stop: {
    done: 'stopped',
    change:
      ({ nodeFieldSelector, message }, now) =>
      (workflow) =>
        stopWorkflow(workflow, {
          now,
          ...(nodeFieldSelector && { nodeFieldSelector }),
          ...(message && { message }),
        }),
  },
  terminate: { done: 'terminated', change: () => (workflow) => terminateWorkflow(workflow) },
  suspend: { done: 'suspended', change: () => (workflow) => suspendWorkflow(workflow) },
  resume: {
    done: 'resumed',
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

/** `argosy node set`. Throws on a parameter that is none. */
export function settingOf(flags: SetFlags, now: number): Change {
  const { nodeFieldSelector = '', phase, message, outputParameter } = flags
  const pairs = outputParameter.map(pair)
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
  if (at < 0) throw new Error(`expected parameter of the form: NAME=VALUE. Received: ${text}`)
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
