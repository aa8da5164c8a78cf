import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import {
  closeSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { driverOf, localDrivers } from '@argosy/executor'
import type { ArtifactOrder } from './harness/artifact.program.ts'
import type { Bench, Plan, Verdict } from './harness/bench.ts'
import { bundle } from './harness/bundle.ts'
import type { HandOnOrder } from './harness/hand-on.program.ts'
import { has } from './harness/peers.ts'
import { interleave, middle, ratio, type Sample, spreads } from './harness/samples.ts'
import { inProcess } from './harness/workflows.ts'

const consumers = 4

/**
 * One output passed to four steps, until all of them could start: by a layer where steps are in sandboxes, by a copy
 * elsewhere, against Argo's tar and gzip. And a bucket on the loopback. ARGOSY_BENCH_GB=5 makes the bucket's file large.
 */
export const artifacts: Bench = {
  name: 'artifacts',
  about: 'a large file, text, many small ones for four consumers; a bucket',
  async run(plan) {
    const sources = { large: largeFile(plan), text: textFile(plan), small: smallFiles(plan) }
    const programs = {
      handOn: await bundle('hand-on.program.ts', plan.dir),
      artifact: await bundle('artifact.program.ts', plan.dir),
    }
    const tar = has('tar')
    const local = Object.entries(sources).flatMap(([name, path]) => [
      [name, () => passed(plan, path, 'lend')] as const,
      [`${name}, copied`, () => passed(plan, path, 'load')] as const,
      [`${name}, kept`, () => kept(plan, path)] as const,
      ...(tar ? [[`${name}, tar.gz`, () => tarred(plan, path)] as const] : []),
    ])
    const handOn = (bytes: number) => () =>
      inProcess<HandOnOrder>(programs.handOn, { dir: plan.dir, bytes, consumers })
    await using bucket = startBucket(plan.dir)
    const port = await bucket.port
    const remote = bucketFile(plan)
    const send = (archive: ArtifactOrder['archive']) => () =>
      inProcess<ArtifactOrder>(programs.artifact, { dir: plan.dir, port, path: remote, archive })
    const runs: Record<string, readonly Sample[]> = await interleave(plan, {
      ...Object.fromEntries<() => Promise<Sample> | Sample>(local),
      'sha256 of large': () => hashed(sources.large),
      'steps, 2 MiB': handOn(2 ** 21),
      'steps, 4 GiB': handOn(2 ** 32),
      bucket: send('none'),
      'bucket, tar.gz': send('tar'),
    })
    return {
      figures: { gigabytesToBucket: statSync(remote).size / 1e9, ...spreads(runs) },
      verdicts: [
        ...Object.keys(sources).flatMap((name) => localVerdicts(runs, name, tar)),
        ...wholeVerdicts(runs),
      ],
      missing: tar ? [] : ['tar'],
    }
  },
}

function localVerdicts(
  runs: Record<string, readonly Sample[]>,
  name: string,
  tar: boolean,
): Verdict[] {
  const of = (how: string) => [runs[`${name}${how}`] ?? [], 'ms'] as const
  const unit = '× as fast as tar.gz'
  return [
    ...(tar
      ? [
          {
            ...{ what: `${name}: passed on`, value: ratio(of(', tar.gz'), of('')), unit },
            must: { least: 10 },
          },
          { what: `${name}: copied`, value: ratio(of(', tar.gz'), of(', copied')), unit },
        ]
      : []),
    {
      ...{ what: `${name}: passed on`, value: middle(of('')[0], 'ms'), unit: 'ms' },
      goal: { most: name === 'small' ? 300 * (consumers + 1) : 5 * (consumers + 1) },
    },
  ]
}

function wholeVerdicts(runs: Record<string, readonly Sample[]>): Verdict[] {
  const of = (name: string, key: string) => [runs[name] ?? [], key] as const
  const rate = 'saveMbPerSecond'
  return [
    {
      ...{ what: 'steps that get 4 GiB', unit: '× those that get 2 MiB', goal: { most: 1.3 } },
      value: ratio(of('steps, 4 GiB', 'ms'), of('steps, 2 MiB', 'ms')),
    },
    {
      ...{ what: 'to a bucket', unit: '× sha256' },
      value: ratio(of('bucket', rate), of('sha256 of large', 'mbPerSecond')),
    },
    {
      ...{ what: 'to a bucket and back, peak', unit: 'MB', must: { most: 300 } },
      value: Math.max(...(runs['bucket'] ?? []).map((one) => one['peakMb'] ?? 0)),
    },
    {
      ...{ what: 'to a bucket and back as tar.gz, peak', unit: 'MB', must: { most: 300 } },
      value: Math.max(...(runs['bucket, tar.gz'] ?? []).map((one) => one['peakMb'] ?? 0)),
    },
  ]
}

function startBucket(dir: string) {
  const folder = mkdtempSync(`${dir}/bucket-`)
  const program = fileURLToPath(new URL('harness/s3-server.program.ts', import.meta.url))
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const port = once(child.stdout, 'data').then(([text]) => Number(String(text)))
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** 1,000 MB of noise, or as many as ARGOSY_BENCH_GB says. */
function bucketFile(plan: Plan): string {
  const gigabytes = Number(process.env['ARGOSY_BENCH_GB'] ?? (plan.quick ? 0.05 : 1))
  return noise(`${plan.dir}/remote`, Math.ceil((gigabytes * 1e9) / mebibyte))
}

async function hashed(path: string): Promise<Sample> {
  const { size } = statSync(path)
  const begin = performance.now()
  await pipeline(createReadStream(path, { highWaterMark: mebibyte }), createHash('sha256'))
  return { mbPerSecond: size / 1e3 / (performance.now() - begin) }
}

const filesOf = ({ quick }: Plan) => (quick ? 1_000 : 10_000)
const mebibytesOf = ({ quick }: Plan) => (quick ? 64 : 1_024)
const mebibyte = 1024 * 1024

function largeFile(plan: Plan): string {
  return noise(join(plan.dir, 'large'), mebibytesOf(plan))
}

function noise(path: string, mebibytes: number): string {
  const file = openSync(path, 'w')
  const block = new Uint8Array(mebibyte)
  for (let at = 0; at < mebibytes; at++) writeSync(file, randomFillSync(block))
  closeSync(file)
  return path
}

/** What compresses well, as logs and tables do. */
function textFile(plan: Plan): string {
  const path = join(plan.dir, 'text')
  const file = openSync(path, 'w')
  for (let at = 0; at < mebibytesOf(plan) / 4; at++) {
    const line = (row: number) =>
      `${at * 10_000 + row};2026-11-22T00:00:00Z;station ${row % 97};ok\n`
    writeSync(file, Array.from({ length: 21_000 }, (_, row) => line(row)).join(''))
  }
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

async function passed({ dir }: Plan, path: string, how: 'lend' | 'load'): Promise<Sample> {
  const room = mkdtempSync(`${dir}/passed-`)
  const driver = driverOf(localDrivers(join(room, 'root')), artifact)
  const begin = performance.now()
  await driver.save({ path, settled: true }, artifact)
  const targets = Array.from({ length: consumers }, (_, at) => join(room, `${at}`))
  const hand = (target: string) =>
    how === 'lend' ? driver.lend?.(artifact, target) : driver.load(artifact, target)
  const handed = await Promise.all(targets.map(hand))
  const ms = performance.now() - begin
  if (handed.includes(false)) throw new Error(`${path} is not lent`)
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
