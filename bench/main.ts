import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { benches } from './benches.ts'
import { type Bench, holds, type Outcome } from './harness/bench.ts'
import { Quiet } from './harness/quiet.ts'
import { rounded } from './harness/samples.ts'
import { type Row, table } from './harness/table.ts'

/** `npm run bench [name…] [-- --quick]`: a JSON line per benchmark, a table, and 1 when a must is missed. */
const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean' }, rounds: { type: 'string' }, wait: { type: 'string' } },
  allowPositionals: true,
})
const quick = values.quick ?? false
/** Seconds that all waiting for a quiet machine may take in one benchmark. */
const wait = Number(values.wait ?? (quick ? 0 : 90))
const rounds = Number(values.rounds ?? (quick ? 1 : 5))
const chosen = choose(positionals)
const rows: Row[] = []
let failures = 0
for (const bench of chosen) {
  try {
    rows.push(...(await run(bench)))
  } catch (error) {
    failures += 1
    console.error(`${bench.name} failed:`, error)
  }
}
process.stderr.write(`\n${table(rows)}\n`)
process.exit(failures > 0 || rows.some(({ missed, counts }) => missed && counts) ? 1 : 0)

function choose(names: readonly string[]): readonly Bench[] {
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name))
  if (unknown.length === 0)
    return benches.filter(({ name }) => names.length === 0 || names.includes(name))
  const list = benches.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')
  process.stderr.write(`no benchmark ${unknown.join(', ')}; there are:\n${list}\n`)
  process.exit(2)
}

async function run(bench: Bench): Promise<readonly Row[]> {
  const dir = await mkdtemp(join(tmpdir(), `argosy-bench-${bench.name}-`))
  const quiet = new Quiet(wait * 1000)
  const before = loadavg()
  const begin = performance.now()
  process.stderr.write(`${bench.name}: ${bench.about}\n`)
  try {
    const outcome = await bench.run({ quick, rounds, dir, quiet: quiet.wait })
    const seconds = (performance.now() - begin) / 1000
    await write(bench, outcome, { quiet, before, seconds })
    // A quick run shows that it works; a busy machine proves nothing against us.
    const counts = !quick && quiet.wasIdle
    return outcome.verdicts.map((verdict) => ({
      ...{ bench: bench.name, verdict, counts },
      missed: !holds(verdict.value, verdict.must),
    }))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

interface Circumstances {
  readonly quiet: Quiet
  readonly before: readonly number[]
  readonly seconds: number
}

async function write(bench: Bench, outcome: Outcome, { quiet, before, seconds }: Circumstances) {
  const shares = quiet.shares.toSorted((a, b) => a - b)
  const line = JSON.stringify({
    bench: bench.name,
    at: new Date().toISOString(),
    ...{ commit: commit(), node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model },
    ...{ quick, rounds, seconds: rounded(seconds) },
    load: { before, after: loadavg() },
    idle: { least: rounded(shares[0] ?? 0), median: rounded(shares[shares.length >> 1] ?? 0) },
    idleEnough: quiet.wasIdle,
    verdicts: outcome.verdicts.map((verdict) => ({ ...verdict, value: rounded(verdict.value) })),
    missing: outcome.missing ?? [],
    figures: outcome.figures,
  })
  const results = fileURLToPath(new URL('results/', import.meta.url))
  await mkdir(results, { recursive: true })
  await appendFile(join(results, `${bench.name}.jsonl`), `${line}\n`)
  process.stdout.write(`${line}\n`)
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
