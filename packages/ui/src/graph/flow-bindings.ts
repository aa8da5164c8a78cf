import type { Workflow, WorkflowEventBinding } from '@argosy/engine'
import { runPhase } from '../format/phase.ts'
import type { Flow } from './flow.ts'
import { flowId, flowShape } from './flow-shape.ts'

/** Bindings, which this server runs: what is posted to it starts what they say. */
export function bindingParts(bindings: readonly WorkflowEventBinding[]): Flow {
  const shapes = bindings.flatMap((binding) => {
    const { namespace = '', name = '' } = binding.metadata
    const template = binding.spec?.submit?.workflowTemplateRef?.name ?? ''
    return [
      flowShape(flowId('entry', namespace), {
        ...{ genre: 'entry', label: `POST events/${namespace}`, namespace, standing: 'served' },
      }),
      flowShape(flowId('binding', namespace, name), {
        ...{ genre: 'binding', label: name, namespace, object: binding, standing: 'served' },
        detail: template,
      }),
    ]
  })
  const edges = bindings.map(({ metadata: { namespace = '', name = '' } }) => ({
    from: flowId('entry', namespace),
    to: flowId('binding', namespace, name),
  }))
  return { shapes, edges }
}

/** So many runs of a trigger or a binding are boxes; a list has the others. */
const mostBoxes = 3

/** Runs that events have made, behind what made them. */
export function runParts(runs: readonly Workflow[], makers: ReadonlySet<string>): Flow {
  const parts = [...runsByMaker(runs)]
    .filter(([maker]) => makers.has(maker))
    .map(([maker, own]) => ownRuns(maker, own))
  return {
    shapes: parts.flatMap(({ shapes }) => shapes),
    edges: parts.flatMap(({ edges }) => edges),
  }
}

function ownRuns(maker: string, own: readonly Workflow[]): Flow {
  const boxes = own.slice(0, mostBoxes).map((run) => {
    const { namespace = '', name = '' } = run.metadata
    return flowShape(flowId('run', namespace, name), {
      ...{ genre: 'run', label: name, namespace, object: run, standing: 'run' },
      phase: runPhase(run),
    })
  })
  const namespace = own[0]?.metadata.namespace ?? ''
  const more =
    own.length <= mostBoxes
      ? []
      : [
          flowShape(`more:${maker}`, {
            ...{ genre: 'more', label: 'Older runs', namespace, standing: 'run' },
            ...{ detail: countOlder(own.length), phase: 'Skipped' },
          }),
        ]
  const shapes = [...boxes, ...more]
  return { shapes, edges: shapes.map(({ id }) => ({ from: maker, to: id })) }
}

/** So many of the newest runs the server tells at first. */
const mostTold = 50

function countOlder(count: number): string {
  return `${count - mostBoxes}${count < mostTold ? '' : ' or more'}`
}

/** The newest first, by the box of what made them. */
export function runsByMaker(runs: readonly Workflow[]): ReadonlyMap<string, readonly Workflow[]> {
  const groups = new Map<string, Workflow[]>()
  for (const run of runs) {
    const maker = makerOf(run)
    if (maker === undefined) continue
    const known = groups.get(maker)
    if (known) known.push(run)
    else groups.set(maker, [run])
  }
  for (const own of groups.values()) own.sort((a, b) => compare(startOf(b), startOf(a)))
  return groups
}

/** As whoever made them labelled them. */
export const makerLabels = {
  sensor: 'events.argoproj.io/sensor',
  trigger: 'events.argoproj.io/trigger',
  binding: 'workflows.argoproj.io/workflow-event-binding',
} as const

function makerOf({ metadata }: Workflow): string | undefined {
  const { namespace = '', labels = {} } = metadata
  const binding = labels[makerLabels.binding]
  if (binding) return flowId('binding', namespace, binding)
  const [sensor, trigger] = [labels[makerLabels.sensor], labels[makerLabels.trigger]]
  return sensor && trigger ? flowId('trigger', namespace, sensor, trigger) : undefined
}

const startOf = ({ metadata, status }: Workflow) =>
  status?.startedAt || metadata.creationTimestamp || ''
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))
