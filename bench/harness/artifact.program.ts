import { rmSync } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { s3Driver } from '../../packages/executor/src/artifacts/s3.ts'

/** What is sent to a bucket and brought back, by a process that does nothing else. */
export interface ArtifactOrder {
  readonly dir: string
  readonly port: number
  readonly path: string
  readonly archive: 'none' | 'tar'
}

const order = JSON.parse(process.argv[2] ?? '') as ArtifactOrder
const driver = s3Driver({ secrets: async () => Buffer.from('key') })
const secret = { name: 's', key: 'k' }
const artifact = {
  name: 'large',
  s3: {
    ...{ endpoint: `127.0.0.1:${order.port}`, insecure: true, bucket: 'bench', key: 'large' },
    ...{ accessKeySecret: secret, secretKeySecret: secret },
  },
  ...(order.archive === 'none' && { archive: { none: {} } }),
}
const { size } = await stat(order.path)
const begin = performance.now()
await driver.save({ path: order.path, settled: true }, artifact)
const saved = performance.now()
const target = `${order.dir}/back`
await driver.load(artifact, target)
const loaded = performance.now()
const back = (await stat(target)).size
if (back !== size) throw new Error(`${back} bytes of ${size} came back`)
await rm(target)
rmSync(order.dir, { recursive: true, force: true })
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
process.stdout.write(
  JSON.stringify({
    saveMbPerSecond: size / 1e3 / (saved - begin),
    loadMbPerSecond: size / 1e3 / (loaded - saved),
    cpuMsPerMb: (userCPUTime + systemCPUTime) / 1e3 / (size / 1e6),
    peakMb: (maxRSS * 1024) / 1e6,
  }),
)
process.exit(0)
