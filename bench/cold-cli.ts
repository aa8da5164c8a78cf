import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bench, Plan } from './harness/bench.ts'
import { buildProduct } from './harness/bundle.ts'
import { interleave, ratio, type Sample, spreads } from './harness/samples.ts'
import { startServer } from './harness/server.ts'

const root = fileURLToPath(new URL('../', import.meta.url))
const door = `${root}packages/app/bin/argosy.js`

const helloWorld = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata:
  generateName: hello-world-
spec:
  entrypoint: hello-world
  templates:
  - name: hello-world
    container:
      image: busybox
      command: [echo]
      args: ["hello world"]
`

/** What somebody waits who types a command: the published bundle; `submit` has a server that runs. */
export const coldCli: Bench = {
  name: 'cold-cli',
  about: 'argosy run, lint and submit --wait of a hello-world, against node -e 0',
  async run(plan) {
    const file = `${plan.dir}/hello-world.yaml`
    writeFileSync(file, helloWorld)
    buildProduct()
    if (!existsSync(`${root}packages/app/dist/main.js`)) throw new Error('there is no bundle')
    const data = `${plan.dir}/data`
    const kubeconfig = `${data}/kubeconfig`
    const ours = (...args: string[]) => coldRun(plan, [door, ...args])
    const server = await startServer(data, { runtime: 'auto', connections: 1 })
    const runs = await interleave(
      { ...plan, rounds: plan.rounds * 2 },
      {
        limit: () => coldRun(plan, ['-e', '0']),
        run: () => ours('run', file),
        runProcess: () => ours('run', '--runtime', 'process', file),
        lint: () => ours('lint', file),
        submit: () => ours('submit', '--wait', '--kubeconfig', kubeconfig, file),
        version: () => ours('version'),
      },
    ).finally(() => server[Symbol.asyncDispose]())
    const limit = [runs.limit, 'ms'] as const
    const unit = '× node -e 0'
    const against = (samples: readonly Sample[]) => ratio([samples, 'ms'], limit)
    const bounds = { must: { most: 5 }, goal: { most: 3 } }
    const withServer = { must: { most: 2.5 }, goal: { most: 1.8 } }
    return {
      figures: spreads(runs),
      verdicts: [
        { what: 'run', value: against(runs.run), unit, ...bounds },
        { what: 'run, plain processes', value: against(runs.runProcess), unit, ...bounds },
        { what: 'lint', value: against(runs.lint), unit, ...withServer },
        { what: 'submit --wait', value: against(runs.submit), unit, ...withServer },
        { what: 'version', value: against(runs.version), unit },
      ],
    }
  },
}

/** The median of three, after one that fills caches of files (and of compiled code, as with any second command). */
function coldRun({ dir }: Plan, args: readonly string[]): Sample {
  const cache = `${dir}/cache`
  mkdirSync(cache, { recursive: true })
  const env = { ...process.env, ARGOSY_DIST: '1', XDG_CACHE_HOME: cache, NO_COLOR: '1' }
  const once = () => {
    const begin = performance.now()
    execFileSync(process.execPath, args, { env, cwd: dir, stdio: ['ignore', 'ignore', 'pipe'] })
    return performance.now() - begin
  }
  once()
  const [, ms = 0] = [once(), once(), once()].sort((a, b) => a - b)
  return { ms }
}
