import { formatTime, type NodeStatus, type Workflow } from '@argosy/engine'

const teams = ['data', 'search', 'billing', 'growth', 'infra', 'risk', 'ml', 'web']
const templates = Array.from({ length: 50 }, (_, at) => `pipeline-${at}`)
const colors = ['red', 'green', 'blue', 'white']
const causes = [
  'OOMKilled (exit code 137)',
  'Error (exit code 1)',
  'Error (exit code 64): no space left',
]
const start = Date.UTC(2024, 0, 1)

/** The n-th of many runs that have ended, one in half a minute: one in ten failed; each is like no other in some way. */
export function generatedRun(n: number, { nodes }: { readonly nodes: number }): Workflow {
  const startedAt = start + n * 30_000
  const lastedMs = ((n * 7919) % 3600) * 1000
  const failed = n % 10 === 3
  const phase = failed ? 'Failed' : 'Succeeded'
  const template = one(templates, n * 13)
  const name = `${template}-${((n * 2_654_435_761) % 4_294_967_296).toString(36).padStart(7, '0')}`
  const cause = one(causes, n >> 3)
  const [begin, end] = [formatTime(startedAt), formatTime(startedAt + lastedMs)]
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      name,
      namespace: `team-${n % 5}`,
      uid: `${n.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`,
      creationTimestamp: begin,
      labels: {
        team: one(teams, n * 31),
        tier: n % 100 === 0 ? 'gold' : 'iron',
        'workflows.argoproj.io/completed': 'true',
        'workflows.argoproj.io/phase': phase,
        'workflows.argoproj.io/workflow-template': template,
      },
    },
    spec: {
      workflowTemplateRef: { name: template },
      arguments: {
        parameters: [
          { name: 'color', value: one(colors, n >> 2) },
          { name: 'size', value: String(n % 1000) },
          { name: 'order', value: `order-${n}` },
        ],
      },
    },
    status: {
      ...{ phase, startedAt: begin, finishedAt: end, progress: `${nodes}/${nodes}` },
      ...(failed && { message: `child '${name}-${n % 977}' failed` }),
      nodes: Object.fromEntries(
        Array.from({ length: nodes }, (_, at) => nodeOf(name, at, { begin, end, cause, failed })),
      ),
    },
  }
}

function nodeOf(
  run: string,
  at: number,
  { begin, end, cause, failed }: { begin: string; end: string; cause: string; failed: boolean },
): readonly [string, NodeStatus] {
  const name = `${run}.step-${at}`
  return [
    `${run}-${at}`,
    {
      ...{ id: `${run}-${at}`, name, displayName: `step-${at}`, type: 'Pod', templateName: 'main' },
      ...{
        templateScope: 'local/main',
        hostNodeName: 'machine',
        startedAt: begin,
        finishedAt: end,
      },
      ...(failed && at === 0 ? { phase: 'Failed', message: cause } : { phase: 'Succeeded' }),
      ...{ progress: '1/1', resourcesDuration: { cpu: 3, memory: 21 } },
      outputs: { exitCode: failed && at === 0 ? '1' : '0' },
    },
  ]
}

function one<T>(list: readonly T[], at: number): T {
  return list[at % list.length] as T
}
