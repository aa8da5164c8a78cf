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
