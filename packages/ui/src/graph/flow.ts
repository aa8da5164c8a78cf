import type {
  EventBus,
  EventSource,
  KubeObject,
  Sensor,
  Workflow,
  WorkflowEventBinding,
} from '@argosy/engine'
import { bindingParts, runParts } from './flow-bindings.ts'
import { busParts, sensorParts, sourceParts } from './flow-events.ts'
import type { FlowShape } from './flow-shape.ts'
import type { Edge } from './fold.ts'

/** Where events come from, and what they lead to. */
export interface Flow {
  readonly shapes: readonly FlowShape[]
  readonly edges: readonly Edge[]
}

export interface FlowOptions {
  /** Whether runs are drawn, too. */
  readonly withRuns: boolean
  /** Kinds that the reader may not see. */
  readonly unseen: ReadonlySet<string>
}

/** The flow as it is to be drawn. What is named but not there is drawn as well, as missing. */
export function flowOf(objects: Iterable<KubeObject>, { withRuns, unseen }: FlowOptions): Flow {
  const kinds = byKind(objects)
  const of = <T extends KubeObject>(kind: string) => (kinds.get(kind) ?? []) as readonly T[]
  const sources = of<EventSource>('EventSource')
  const sensors = of<Sensor>('Sensor')
  const parts = [
    sourceParts(sources),
    busParts(of<EventBus>('EventBus'), [...sources, ...sensors], unseen),
    sensorParts(sensors, unseen),
    bindingParts(of<WorkflowEventBinding>('WorkflowEventBinding')),
  ]
  const drawn = joined(parts)
  if (!withRuns) return drawn
  const makers = new Set(drawn.shapes.map(({ id }) => id))
  return joined([drawn, runParts(of<Workflow>('Workflow'), makers)])
}

function byKind(objects: Iterable<KubeObject>): ReadonlyMap<string, readonly KubeObject[]> {
  const kinds = new Map<string, KubeObject[]>()
  for (const object of objects) {
    const known = kinds.get(object.kind)
    if (known) known.push(object)
    else kinds.set(object.kind, [object])
  }
  for (const list of kinds.values()) list.sort((a, b) => compare(placeOf(a), placeOf(b)))
  return kinds
}

const placeOf = ({ metadata }: KubeObject) => `${metadata.namespace}/${metadata.name}`
const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b))

/** The first shape with an id is it: what is there comes before what is merely named. */
function joined(parts: readonly Flow[]): Flow {
  const shapes = new Map<string, FlowShape>()
  for (const shape of parts.flatMap((part) => part.shapes)) {
    if (!shapes.has(shape.id)) shapes.set(shape.id, shape)
  }
  const edges = new Map<string, Edge>()
  for (const edge of parts.flatMap((part) => part.edges)) {
    if (shapes.has(edge.from) && shapes.has(edge.to)) edges.set(`${edge.from} ${edge.to}`, edge)
  }
  return { shapes: [...shapes.values()], edges: [...edges.values()] }
}
