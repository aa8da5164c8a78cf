import { execFileSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { driverOf, localDrivers } from '@argosy/executor'
import type { Bench, Plan } from './harness/bench.ts'
import { has } from './harness/peers.ts'
import { interleave, middle, ratio, type Sample, spreads } from './harness/samples.ts'

const consumers = 4

/** One output passed to four steps, until all of them could start: the default repository against Argo's tar and gzip. */
export const artifacts: Bench = {
  name: 'artifacts',
  about: 'a large file and many small ones, passed to four consumers',
  async run(plan) {
    const sources = { large: largeFile(plan), small: smallFiles(plan) }
    const tar = has('tar')
    const runs: Record<string, readonly Sample[]> = await interleave(plan, {
      ...Object.fromEntries(
        Object.entries(sources).flatMap(([name, path]) => [
          [name, () => passed(plan, path)],
          [`${name}, kept`, () => kept(plan, path)],
          ...(tar ? [[`${name}, tar.gz`, () => tarred(plan, path)] as const] : []),
        ]),
      ),
    })
    const verdicts = Object.keys(sources).flatMap((name) => [
      ...(tar
        ? [
            {
              what: `${name}: passed on`,
              value: ratio([runs[`${name}, tar.gz`] ?? [], 'ms'], [runs[name] ?? [], 'ms']),
              unit: '× as fast as tar.gz',
              // A file costs what it costs: it is the bytes that must not.
              ...(name === 'large' ? { must: { least: 10 } } : { goal: { least: 1 } }),
            },
          ]
        : []),
      {
        what: `${name}: kept`,
        value: middle(runs[`${name}, kept`] ?? [], 'msPerFile'),
        unit: 'ms/file',
        goal: { most: 5 },
      },
    ])
    return { figures: spreads(runs), verdicts, missing: tar ? [] : ['tar'] }
  },
}

const filesOf = ({ quick }: Plan) => (quick ? 1_000 : 10_000)
const mebibytesOf = ({ quick }: Plan) => (quick ? 64 : 512)

function largeFile(plan: Plan): string {
  const path = join(plan.dir, 'large')
  const file = openSync(path, 'w')
  const block = new Uint8Array(1024 * 1024)
  for (let at = 0; at < mebibytesOf(plan); at++) writeSync(file, randomFillSync(block))
  closeSync(file)
  return path
}

function smallFiles(plan: Plan): string {
  const path = join(plan.dir, 'small')
  mkdirSync(path)
  for (let at = 0; at < filesOf(plan); at++) writeFileSync(join(path, `${at}`), `file ${at}\n`)
  return path
}

const artifact = { name: 'art', disk: { key: 'wf/step/art.tgz' } }

/** What the producer waits for: its files are linked. */
async function kept(plan: Plan, path: string): Promise<Sample> {
  const room = mkdtempSync(`${plan.dir}/kept-`)
  const driver = driverOf(localDrivers(join(room, 'root')), artifact)
  const begin = performance.now()
  await driver.save({ path, settled: true }, artifact)
  const ms = performance.now() - begin
  rmSync(room, { recursive: true })
  return { ms, msPerFile: path.endsWith('small') ? ms / filesOf(plan) : ms }
}

async function passed({ dir }: Plan, path: string): Promise<Sample> {
  const room = mkdtempSync(`${dir}/passed-`)
  const driver = driverOf(localDrivers(join(room, 'root')), artifact)
  const begin = performance.now()
  await driver.save({ path, settled: true }, artifact)
  const targets = Array.from({ length: consumers }, (_, at) => join(room, `${at}`))
  await Promise.all(targets.map((target) => driver.load(artifact, target)))
  const ms = performance.now() - begin
  rmSync(room, { recursive: true })
  return { ms }
}

/** Once packed, four times unpacked, one after the other: gzip keeps a processor busy by itself. */
function tarred({ dir }: Plan, path: string): Sample {
  const room = mkdtempSync(`${dir}/tarred-`)
  const begin = performance.now()
  execFileSync('tar', [
    'czf',
    join(room, 'art.tgz'),
    '-C',
    join(path, '..'),
    path.split('/').at(-1) ?? '',
  ])
  for (let at = 0; at < consumers; at++) {
    mkdirSync(join(room, `${at}`))
    execFileSync('tar', ['xzf', join(room, 'art.tgz'), '-C', join(room, `${at}`)])
  }
  const ms = performance.now() - begin
  rmSync(room, { recursive: true })
  return { ms }
}
