import { join } from 'node:path'
import { dockerRuntime } from '@argosy/cluster'
import {
  busybox,
  imageOfBusybox,
  startEngine,
} from '../packages/cluster/src/node/runtimes/docker/engine.fixture.ts'
import { openEngine } from '../packages/cluster/src/node/runtimes/docker/engine.ts'
import { engineSocket } from '../packages/cluster/src/node/runtimes/docker/engine-socket.ts'
import type { Bench, Outcome, Plan } from './harness/bench.ts'
import { numbers, Peers, timed } from './harness/peers.ts'
import { interleave, middle, ratio, type Sample, spreads } from './harness/samples.ts'
import { inProcess, runWorkflows } from './harness/workflows.ts'

/**
 * The same steps as containers of an engine: what comes on top of create, start, wait and remove.
 *
 * Four at once, each in a process of its own: the rate of our steps by that of those calls, and by `docker run`'s.
 *
 * One at a time, both in one warm process: workflows of three steps one after the other take turns with three containers
 * by the bare calls, on an engine that has put all away before each turn. Held is the median of the pairs' differences,
 * until a workflow's end is told: what is removed after that is in no step's way. Until all is removed is
 * `untilGoneMoreMs`.
 */
export const docker: Bench = {
  name: 'docker',
  about: '24 steps in containers of a Docker Engine, parallelism 4, and one at a time',
  async run(plan) {
    await using engine = await anEngine(plan)
    if ('missing' in engine) return { figures: {}, verdicts: [], missing: [engine.missing] }
    process.env['DOCKER_HOST'] = `unix://${engine.socket}`
    return measure(plan)
  },
}

async function measure(plan: Plan): Promise<Outcome> {
  const { dir } = plan
  const count = plan.quick ? 8 : 24
  const pairs = plan.quick ? 2 : 12
  const raw = (flight: number) =>
    inProcess('raw-engine.program.ts', { dir, count, flight, image: busybox })
  const ours = (parallelism: number) =>
    runWorkflows({
      ...{ dir, steps: 'docker', shape: 'fan-out', body: 'process' },
      ...{ count, parallelism, warm: 1 },
    })
  const peers = new Peers()
  peers.add('docker', () => {
    const command = `exec docker run --rm ${busybox} true`
    return timed(['xargs', '-P4', '-I{}', 'sh', '-c', command], count, { input: numbers(count) })
  })
  const runs = await interleave(plan, {
    limit: () => raw(4),
    ours: () => ours(4),
    pairs: () => inProcess('docker-pairs.program.ts', { dir, pairs, steps: 3, warm: 2 }),
    ...(peers.runs as Record<never, () => Sample>),
  })
  const all: Readonly<Record<string, readonly Sample[]>> = runs
  return {
    figures: { count, ...spreads(runs) },
    missing: peers.missing,
    verdicts: [
      {
        ...{ what: 'rate against the bare API', unit: '× its rate', must: { least: 0.9 } },
        value: ratio([runs.ours, 'perSecond'], [runs.limit, 'perSecond']),
      },
      {
        ...{ what: 'a step more than the bare API, one at a time', unit: 'ms', must: { most: 15 } },
        value: middle(runs.pairs, 'moreMs'),
      },
      ...(all['docker']
        ? [
            {
              ...{ what: 'against docker run', unit: '× its rate' },
              value: ratio([runs.ours, 'perSecond'], [all['docker'], 'perSecond']),
            },
          ]
        : []),
    ],
  }
}

type Found = AsyncDisposable & ({ readonly socket: string } | { readonly missing: string })

/** The machine's, else one of this benchmark's own; the image is made here, of Debian's busybox. */
async function anEngine({ dir }: Plan): Promise<Found> {
  try {
    const there = await openEngine(engineSocket()).catch(() => undefined)
    const own = there ? undefined : await startEngine(join(dir, 'engine'))
    const engine = there ?? (await openEngine(own?.socket ?? ''))
    await imageOfBusybox(engine, busybox, ['CMD ["sh"]'])
    engine.close()
    // What runs of others left is no part of the measure.
    await (await dockerRuntime({ socket: engine.socket }))[Symbol.asyncDispose]()
    return { socket: engine.socket, [Symbol.asyncDispose]: async () => own?.stop() }
  } catch (error) {
    const missing = `an engine: ${error instanceof Error ? error.message : String(error)}`
    return { missing, [Symbol.asyncDispose]: async () => undefined }
  }
}
