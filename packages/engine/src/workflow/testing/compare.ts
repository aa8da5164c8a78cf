import type { NodeStatus } from '../../spec/status.ts'
import type { Workflow } from '../../spec/workflow.ts'

/** What two ways to the same status must agree on: everything but the order of sets. */
export function facts(workflow: Workflow): unknown {
  const {
    nodes = {},
    outputs,
    conditions = [],
    storedTemplates: _,
    synchronization,
    ...rest
  } = workflow.status ?? {}
  const parameters = [...(outputs?.parameters ?? [])].sort(by(({ name }) => name))
  return {
    labels: workflow.metadata.labels,
    ...rest,
    synchronization: sorted(synchronization),
    outputs: parameters,
    conditions: [...conditions].sort(by(({ type }) => type)),
    nodes: Object.fromEntries(
      Object.values(nodes)
        .map((node) => [node.name, nodeFacts(node)] as const)
        .sort(by(([name]) => name)),
    ),
  }
}

/** Locks are listed as they were taken: that is no part of what is said. */
function sorted(synchronization: unknown): unknown {
  return synchronization === undefined
    ? undefined
    : JSON.parse(JSON.stringify(synchronization), (_, value) =>
        Array.isArray(value) ? value.toSorted(by((one: unknown) => JSON.stringify(one))) : value,
      )
}

function nodeFacts(node: NodeStatus) {
  return {
    ...node,
    children: [...(node.children ?? [])].sort(),
    outboundNodes: node.outboundNodes && [...node.outboundNodes].sort(),
  }
}

function by<T>(key: (value: T) => string): (a: T, b: T) => number {
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0)
}

/** The same without times and what follows from them. */
export function timeless(workflow: Workflow): unknown {
  const text = JSON.stringify(facts(workflow))
  return JSON.parse(text, (key, value) => (temporal.has(key) ? undefined : value))
}

const temporal = new Set(['startedAt', 'finishedAt', 'resourcesDuration', 'hostNodeName'])
