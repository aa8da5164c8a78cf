import type { KubeObject } from '@argosy/engine'

const step = { name: 'step', container: { image: 'alpine', command: ['/bin/true'] } }
const pause = { name: 'step', suspend: { duration: '0' } }

/** What one node of the workflow does. */
export type Body = 'process' | 'suspend' | 'suspend forever'

const bodies: Readonly<Record<Body, object>> = {
  process: step,
  suspend: pause,
  'suspend forever': { name: 'step', suspend: {} },
}

export function stepsChain(count: number): KubeObject {
  const steps = Array.from({ length: count }, (_, index) => [
    { name: `s${index}`, template: 'step' },
  ])
  return workflow({ templates: [{ name: 'main', steps }, step] })
}

export function dagChain(count: number): KubeObject {
  const tasks = Array.from({ length: count }, (_, index) => ({
    name: `t${index}`,
    template: 'step',
    ...(index > 0 && { dependencies: [`t${index - 1}`] }),
  }))
  return workflow({ templates: [{ name: 'main', dag: { tasks } }, step] })
}

export function fanOut(count: number, body: Body, parallelism?: number): KubeObject {
  const task = { name: 'many', template: 'step', withSequence: { count: String(count) } }
  return workflow({
    ...(parallelism !== undefined && { parallelism }),
    templates: [{ name: 'main', steps: [[task]] }, bodies[body]],
  })
}

/** Layers of about √count tasks; each task depends on two random ones of the layer before. */
export function layers(count: number, body: Body): KubeObject {
  const width = Math.ceil(Math.sqrt(count))
  const random = sequence(count)
  const tasks = Array.from({ length: count }, (_, index) => {
    const layer = Math.floor(index / width)
    const before = () => `t${(layer - 1) * width + Math.floor(random() * width)}`
    const dependencies = layer === 0 ? [] : [...new Set([before(), before()])]
    return { name: `t${index}`, template: 'step', ...(layer > 0 && { dependencies }) }
  })
  return workflow({ templates: [{ name: 'main', dag: { tasks } }, bodies[body]] })
}

/** A `withParam` of so many items, each handed to its step. */
export function items(count: number): KubeObject {
  const list = JSON.stringify(Array.from({ length: count }, (_, index) => index))
  const parameters = [{ name: 'item', value: '{{item}}' }]
  const task = { name: 'many', template: 'step', withParam: list, arguments: { parameters } }
  const inputs = { parameters: [{ name: 'item' }] }
  return workflow({
    templates: [
      { name: 'main', steps: [[task]] },
      { ...step, inputs },
    ],
  })
}

/** One step, under a name that one can look for. */
export function oneStep(name: string, body: Body): KubeObject {
  const { metadata, ...rest } = workflow({ entrypoint: 'step', templates: [bodies[body]] })
  return { ...rest, metadata: { name, namespace: metadata.namespace ?? 'default' } }
}

/** One node that waits for so long. */
export function pausing(seconds: number): KubeObject {
  return workflow({ templates: [{ name: 'main', suspend: { duration: String(seconds) } }] })
}

/** So many steps that fail, and are tried once more after some seconds. */
export function failing(count: number, seconds: number): KubeObject {
  const task = { name: 'many', template: 'step', withSequence: { count: String(count) } }
  const retryStrategy = { limit: 1, backoff: { duration: String(seconds) } }
  const container = { image: 'alpine', command: ['/bin/false'] }
  return workflow({
    templates: [
      { name: 'main', steps: [[{ ...task, continueOn: { failed: true } }]] },
      { name: 'step', retryStrategy, container },
    ],
  })
}

/** Runs a workflow without processes at that minute of that hour (UTC). */
export function scheduled(name: string, schedule: string): KubeObject {
  const workflowSpec = { entrypoint: 'step', templates: [pause] }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'CronWorkflow',
    metadata: { name, namespace: 'default' },
    spec: { schedules: [schedule], timezone: 'UTC', workflowSpec },
  } as KubeObject
}

export function suspended(): KubeObject {
  return workflow({ templates: [{ name: 'main', suspend: {} }] })
}

function workflow(spec: object): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: { generateName: 'bench-', namespace: 'default' },
    spec: { entrypoint: 'main', ...spec },
  } as KubeObject
}

/** The same numbers every time (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
