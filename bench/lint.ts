import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Bench, Plan } from './harness/bench.ts'
import { buildProduct } from './harness/bundle.ts'
import { interleave, middle, ratio, type Sample, spreads } from './harness/samples.ts'

const door = fileURLToPath(new URL('../packages/app/bin/argosy.js', import.meta.url))

/** What somebody waits whose repository is full of manifests: the published command, offline. */
export const lint: Bench = {
  name: 'lint',
  about: 'argosy lint of 1,000 files that refer to each other',
  async run(plan) {
    const count = plan.quick ? 60 : 1_000
    buildProduct()
    const folder = `${plan.dir}/manifests`
    writeManifests(folder, count)
    const runs = await interleave(plan, {
      limit: () => timedRun(plan, ['-e', '0']),
      lint: () => timedRun(plan, [door, 'lint', folder]),
    })
    return {
      figures: { count, ...spreads(runs) },
      verdicts: [
        {
          ...{ what: 'lint', value: middle(runs.lint, 'ms'), unit: 'ms' },
          must: { most: 2_000 },
        },
        { what: 'lint', value: ratio([runs.lint, 'ms'], [runs.limit, 'ms']), unit: '× node -e 0' },
        { what: 'processor time', value: middle(runs.lint, 'cpuMs'), unit: 'ms' },
      ],
    }
  },
}

/** The second run of two: the first one fills the cache of compiled code. */
function timedRun({ dir }: Plan, args: readonly string[]): Sample {
  const env = { ...process.env, ARGOSY_DIST: '1', XDG_CACHE_HOME: `${dir}/cache`, NO_COLOR: '1' }
  const script = '"$0" "$@" > /dev/null && times'
  const once = () =>
    execFileSync('sh', ['-c', script, process.execPath, ...args], { env, encoding: 'utf8' })
  once()
  const begin = performance.now()
  const times = once()
  const ms = performance.now() - begin
  // Minutes and seconds of the shell and, in the second line, of what it waited for: user, system.
  const used = [...(times.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  const cpuMs = used.reduce((sum, [, min, sec]) => sum + Number(min) * 60e3 + Number(sec) * 1e3, 0)
  return { ms, cpuMs }
}

/** Every tenth is a WorkflowTemplate that the nine after it use; DAGs, loops, artifacts and expressions in all of them. */
function writeManifests(folder: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const at = `${folder}/team-${index % 20}`
    mkdirSync(at, { recursive: true })
    writeFileSync(`${at}/${index}.yaml`, index % 10 === 0 ? shared(index) : workflow(index))
  }
}

const head = (kind: string, name: string) => `apiVersion: argoproj.io/v1alpha1
kind: ${kind}
metadata:
  name: ${name}
  labels: {team: "${name.length}"}
spec:
  entrypoint: main
  arguments:
    parameters:
    - {name: city, value: Bergen}
    - {name: days, value: "[1, 2, 3]"}
  templates:
`

const worker = `  - name: measure
    inputs:
      parameters: [{name: city}, {name: day}]
      artifacts: [{name: tables, path: /in/tables, optional: true}]
    retryStrategy: {limit: "3", backoff: {duration: "10", factor: "2"}}
    container:
      image: python:3.13
      command: [python, -c]
      args: ["print('{{inputs.parameters.city}}', {{inputs.parameters.day}}, '{{workflow.name}}')"]
      env: [{name: POD, value: "{{pod.name}}"}]
      resources: {requests: {cpu: 100m, memory: 64Mi}}
    outputs:
      parameters: [{name: height, valueFrom: {path: /tmp/height, default: "0"}}]
      artifacts: [{name: report, path: /tmp/report}]
`

function shared(index: number): string {
  const steps = `  - name: main
    inputs:
      parameters: [{name: city, value: Oslo}]
    steps:
    - - name: each
        template: measure
        withParam: "{{workflow.parameters.days}}"
        arguments:
          parameters: [{name: city, value: "{{inputs.parameters.city}}"}, {name: day, value: "{{item}}"}]
`
  return head('WorkflowTemplate', `shared-${index}`) + steps + worker
}

function workflow(index: number): string {
  const template = `shared-${index - (index % 10)}`
  const dag = `  - name: main
    dag:
      tasks:
      - name: first
        template: measure
        arguments:
          parameters: [{name: city, value: "{{workflow.parameters.city}}"}, {name: day, value: "1"}]
      - name: second
        depends: first.Succeeded
        when: "{{tasks.first.outputs.parameters.height}} > 3"
        template: measure
        arguments:
          parameters:
          - {name: city, value: "{{=workflow.parameters.city + 'x'}}"}
          - {name: day, value: "{{tasks.first.outputs.parameters.height}}"}
          artifacts: [{name: tables, from: "{{tasks.first.outputs.artifacts.report}}"}]
      - name: third
        depends: second
        templateRef: {name: ${template}, template: main}
        arguments:
          parameters: [{name: city, value: Tromsø}]
`
  return head('Workflow', `run-${index}`) + dag + worker
}
