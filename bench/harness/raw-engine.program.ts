import { openEngine } from '../../packages/cluster/src/node/runtimes/docker/engine.ts'
import { engineSocket } from '../../packages/cluster/src/node/runtimes/docker/engine-socket.ts'
import { bareStep } from './bare-step.ts'

interface RawOrder {
  readonly count: number
  readonly flight: number
  readonly image: string
}

/** A process of its own that has an engine run containers by the four calls that it takes, and prints what they cost. */
const { count, flight, image } = JSON.parse(process.argv[2] ?? '') as RawOrder
const engine = await openEngine(engineSocket())
const turns = Array.from({ length: count }, (_, index) => index).values()
const cpu = process.cpuUsage()
const begin = performance.now()
await Promise.all(
  Array.from({ length: flight }, async () => {
    for (const _ of turns) await bareStep(engine, image)
  }),
)
const ms = performance.now() - begin
const { user, system } = process.cpuUsage(cpu)
process.stdout.write(
  JSON.stringify({
    perSecond: (count * 1000) / ms,
    msEach: ms / count,
    cpuMsEach: (user + system) / 1000 / count,
  }),
)
process.exit(0)
