import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { removeStateDir } from '@argosy/cluster'
import { expect, test } from 'vitest'
import { check, leavings } from './checks.ts'
import { Lane, type LaneOptions } from './lane.ts'

/** Of all lanes together, which run side by side: 500 in CI, which takes minutes. `ARGOSY_KILLS=200 ARGOSY_SEED=7` asks for another number. */
const kills = Number(process.env['ARGOSY_KILLS'] ?? (process.env['CI'] ? 500 : 60))
const seed = Number(process.env['ARGOSY_SEED'] ?? Date.now() % 1_000_000)

const lanes: readonly (Pick<LaneOptions, 'isSplit' | 'runtime'> & { it: string; share: number })[] =
  [
    { it: 'one process', isSplit: false, runtime: 'sandbox', share: 0.35 },
    { it: 'one process, plain steps', isSplit: false, runtime: 'process', share: 0.3 },
    { it: 'server and node apart', isSplit: true, runtime: 'sandbox', share: 0.35 },
  ]

test.concurrent.each(lanes)(
  'killed at random moments, nothing is lost, run twice, stuck or left: $it',
  {
    timeout: 1_800_000,
  },
  async ({ it, isSplit, runtime, share }) => {
    const dir = await mkdtemp(join(tmpdir(), 'argosy-crash-'))
    const options = { dir, isSplit, runtime, kills: Math.round(kills * share), seed }
    const begin = performance.now()
    await using lane = new Lane(options)
    await lane.open()
    await lane.killAll()
    await lane.finish(180_000)
    const { flaws, counts } = await check(lane)
    await lane.close()
    const left = await leavings(lane)
    const seconds = Math.round((performance.now() - begin) / 1000)
    process.stderr.write(
      `${it}: ${JSON.stringify({ seed, seconds, kills: lane.kills, ...counts })}\n`,
    )
    expect({ seed, flaws, left }).toEqual({ seed, flaws: [], left: [] })
    for (const data of ['data', 'node']) await removeStateDir(join(dir, data))
    await rm(dir, { recursive: true, force: true })
  },
)
