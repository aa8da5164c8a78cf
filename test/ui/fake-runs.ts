/** Runs as a server would give them: made by hand, never shipped. */

export interface FakeRun {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: Record<string, unknown> & { readonly name: string; readonly uid: string }
  readonly spec: Record<string, unknown>
  readonly status: Record<string, unknown>
}

const base = Date.parse('2026-11-22T08:00:00Z')
export const at = (seconds: number) =>
  new Date(base + seconds * 1000).toISOString().replace('.000', '')

type FakeNode = Record<string, unknown> & { readonly id: string; readonly name: string }

export function node(name: string, more: Record<string, unknown> = {}): FakeNode {
  return {
    id: name,
    name,
    displayName: name.slice(name.lastIndexOf('.') + 1),
    type: 'Pod',
    phase: 'Succeeded',
    startedAt: at(0),
    finishedAt: at(30),
    ...more,
  }
}

export function fakeRun(
  name: string,
  phase: string,
  nodes: readonly FakeNode[],
  more: Partial<FakeRun> & { seconds?: number } = {},
): FakeRun {
  const { seconds = 0 } = more
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      name,
      namespace: 'argo',
      uid: `uid-${name}`,
      resourceVersion: '1',
      creationTimestamp: at(seconds),
      ...more.metadata,
    },
    spec: {
      entrypoint: 'main',
      templates: [{ name: 'work', container: { image: 'alpine', command: ['sh'] } }],
      ...more.spec,
    },
    status: {
      phase,
      startedAt: at(seconds),
      ...(phase !== 'Running' && { finishedAt: at(seconds + 95) }),
      progress: `${nodes.filter((one) => one['phase'] === 'Succeeded').length}/${nodes.length}`,
      nodes: Object.fromEntries(nodes.map((one) => [one.id, one])),
      ...more.status,
    },
  }
}

/** A failed one: a fan-out in the middle with three failures, one with two attempts. */
export function failedRun(): FakeRun {
  const root = 'nightly-etl-7xk2p'
  const child = (name: string, more: Record<string, unknown>) =>
    node(`${root}.${name}`, { boundaryID: root, templateName: 'work', ...more })
  const items = Array.from({ length: 48 }, (_, index) => `transform(${index}:region-${index})`)
  const failed = new Set([7, 19, 33])
  const nodes = [
    node(root, {
      type: 'DAG',
      displayName: root,
      phase: 'Failed',
      finishedAt: at(95),
      children: [`${root}.extract`, `${root}.settings`],
    }),
    child('extract', {
      children: [`${root}.validate`],
      finishedAt: at(22),
      outputs: {
        parameters: [{ name: 'rows', value: '184203' }],
        artifacts: [{ name: 'raw', path: '/tmp/raw.parquet' }],
      },
    }),
    child('settings', { children: [`${root}.validate`], finishedAt: at(4) }),
    child('validate', { children: [`${root}.transform`], startedAt: at(22), finishedAt: at(31) }),
    child('transform', {
      type: 'TaskGroup',
      phase: 'Failed',
      startedAt: at(31),
      finishedAt: at(95),
      children: items.map((item) => `${root}.${item}`),
    }),
    ...items.map((item, index) =>
      child(item, {
        displayName: item,
        startedAt: at(31 + (index % 12)),
        finishedAt: at(48 + (index % 12) * 4),
        children: [`${root}.load`],
        ...(failed.has(index) && {
          phase: 'Failed',
          message: 'Error (exit code 1)',
          outputs: { exitCode: '1' },
        }),
      }),
    ),
    child('load', {
      phase: 'Omitted',
      startedAt: at(95),
      finishedAt: at(95),
      message: 'omitted: depends condition not met',
      children: [`${root}.report`, `${root}.publish`],
    }),
    child('publish', { phase: 'Omitted', startedAt: at(95), finishedAt: at(95) }),
    child('report', { phase: 'Omitted', startedAt: at(95), finishedAt: at(95) }),
    node(`${root}.onExit`, {
      displayName: `${root}.onExit`,
      startedAt: at(95),
      finishedAt: at(99),
      templateName: 'work',
    }),
  ]
  return fakeRun(root, 'Failed', nodes, {
    metadata: {
      name: root,
      uid: `uid-${root}`,
      labels: {
        'workflows.argoproj.io/phase': 'Failed',
        'workflows.argoproj.io/cron-workflow': 'nightly-etl',
        team: 'data',
      },
    },
    spec: {
      arguments: {
        parameters: [
          { name: 'date', value: '2026-11-22' },
          { name: 'mode', value: 'full', enum: ['full', 'delta'] },
        ],
      },
    },
    seconds: 0,
  } as never)
}

/** One with an open question and a step that tries again. */
export function runningRun(): FakeRun {
  const root = 'release-4-2'
  const child = (name: string, more: Record<string, unknown>) =>
    node(`${root}.${name}`, { boundaryID: root, templateName: 'work', ...more })
  const now = (ago: number) => new Date(Date.now() - ago * 1000).toISOString()
  return fakeRun(
    root,
    'Running',
    [
      node(root, {
        type: 'DAG',
        displayName: root,
        phase: 'Running',
        startedAt: now(300),
        finishedAt: undefined,
        children: [`${root}.build`, `${root}.lint`],
      }),
      child('build', { startedAt: now(300), finishedAt: now(120), children: [`${root}.approve`] }),
      child('lint', {
        type: 'Retry',
        startedAt: now(300),
        finishedAt: now(150),
        children: [`${root}.lint(0)`, `${root}.lint(1)`],
      }),
      child('lint(0)', {
        phase: 'Failed',
        message: 'Error (exit code 2)',
        startedAt: now(300),
        finishedAt: now(260),
        nodeFlag: { retried: true },
      }),
      child('lint(1)', {
        startedAt: now(255),
        finishedAt: now(150),
        nodeFlag: { retried: true },
        children: [`${root}.approve`],
      }),
      child('approve', {
        type: 'Suspend',
        phase: 'Running',
        startedAt: now(120),
        finishedAt: undefined,
        inputs: {
          parameters: [
            { name: 'approve', value: 'no', enum: ['yes', 'no'], description: 'May this go out?' },
          ],
        },
        outputs: { parameters: [{ name: 'approve', valueFrom: { supplied: {} } }] },
      }),
    ],
    { seconds: 7000, status: { startedAt: now(300), progress: '2/4' } },
  )
}

/** Layers of tasks that depend on some of the layer before: no loop that could be folded. */
export function hugeRun(count: number): FakeRun {
  const root = 'huge'
  const width = 100
  const name = (index: number) => `${root}.task-${index}`
  const tasks = Array.from({ length: count }, (_, index) => {
    const next = [index + width, index + width + ((index * 7) % 5) - 2]
    return node(name(index), {
      boundaryID: root,
      templateName: 'work',
      phase: index % 997 === 3 ? 'Failed' : 'Succeeded',
      startedAt: at(Math.floor(index / width)),
      finishedAt: at(Math.floor(index / width) + 3),
      children: [...new Set(next)].filter((one) => one < count).map(name),
    })
  })
  const first = Array.from({ length: Math.min(width, count) }, (_, index) => name(index))
  return fakeRun(root, 'Succeeded', [
    node(root, { type: 'DAG', displayName: root, children: first }),
    ...tasks,
  ])
}

const names = ['nightly-etl', 'train-model', 'release', 'sync-crm', 'report', 'backup']
const phases = ['Succeeded', 'Succeeded', 'Succeeded', 'Succeeded', 'Failed', 'Succeeded', 'Error']

/** Many small ones for the list. */
export function manyRuns(count: number): readonly FakeRun[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = names[index % names.length] ?? 'run'
    const phase = index < 3 ? 'Running' : (phases[(index * 5) % phases.length] ?? 'Succeeded')
    const run = fakeRun(`${kind}-${(index * 7919).toString(36).padStart(5, 'a')}`, phase, [], {
      seconds: 6900 - index * 61,
      status: {
        progress: phase === 'Succeeded' ? '12/12' : '7/12',
        ...(phase === 'Failed' && { message: 'child failed: transform(7:region-7)' }),
        ...(phase === 'Error' && { message: 'failed to look-up entrypoint/template' }),
        nodes: undefined,
      },
    })
    const labels = {
      'workflows.argoproj.io/workflow-template': kind,
      team: index % 2 ? 'data' : 'web',
    }
    return { ...run, metadata: { ...run.metadata, labels } }
  })
}

const hoursThatRan = [5, 6, 7, 8, 10, 11]

/** What the schedule `hourly-sync` made: the one of eight failed, the one of nine is not there. */
export function hourlyRuns(): readonly FakeRun[] {
  return hoursThatRan.map((hour) => {
    const name = `hourly-sync-${hour}`
    const seconds = (hour - 8) * 3600
    return fakeRun(name, hour === 8 ? 'Failed' : 'Succeeded', [], {
      seconds,
      metadata: {
        ...{ name, uid: `uid-${name}`, creationTimestamp: at(seconds) },
        labels: { 'workflows.argoproj.io/cron-workflow': 'hourly-sync' },
        annotations: { 'workflows.argoproj.io/scheduled-time': at(seconds) },
      },
    })
  })
}
