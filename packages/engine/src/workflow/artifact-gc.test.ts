import { describe, expect, test } from 'vitest'
import type { Artifact, Workflow, WorkflowSpec } from '../spec/workflow.ts'
import {
  artifactGcDone,
  artifactGcDue,
  artifactGcFinalizer,
  type Doomed,
  needsArtifactGc,
} from './artifact-gc.ts'
import { applyOps } from './testing/apply-ops.ts'

const own = (name: string, strategy?: string, more: object = {}): Artifact => ({
  name,
  disk: { key: name },
  ...(strategy !== undefined && { artifactGC: { strategy } }),
  ...more,
})

function workflowOf(
  artifacts: readonly Artifact[],
  { spec = {}, metadata = {} }: { spec?: WorkflowSpec; metadata?: object } = {},
): Workflow {
  const node = { id: 'n', name: 'n', displayName: 'n', phase: 'Succeeded', outputs: { artifacts } }
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata: {
      name: 'wf',
      finalizers: ['other', artifactGcFinalizer],
      labels: { 'workflows.argoproj.io/completed': 'true' },
      ...metadata,
    },
    spec,
    status: {
      nodes: { n: { ...node, type: 'Pod' }, s: { ...node, id: 's', type: 'Steps' } },
    } as never,
  }
}

const deletion = { deletionTimestamp: '2026-01-01T00:00:00Z' }
const names = (workflow: Workflow) =>
  artifactGcDue(workflow)?.doomed.map((one) => one.artifact.name)

/** Deletes what is due, all but `stubborn`. */
function collected(workflow: Workflow, stubborn: readonly string[] = []): Workflow {
  const due = artifactGcDue(workflow)
  if (!due) return workflow
  const failures = new Map<Doomed, string>()
  for (const one of due.doomed) {
    if (stubborn.includes(one.artifact.name)) failures.set(one, `no ${one.artifact.name}`)
  }
  return applyOps(workflow, artifactGcDone(workflow, due, failures)) as Workflow
}

const mixed = [
  own('completion', 'OnWorkflowCompletion'),
  own('deletion', 'OnWorkflowDeletion'),
  own('never', 'Never'),
  own('plain'),
  own('gone', 'OnWorkflowCompletion', { deleted: true }),
]

describe('what is due', () => {
  test('at the end what says so, at deletion everything that is left', () => {
    expect(names(workflowOf(mixed))).toEqual(['completion'])
    expect(names(workflowOf(mixed, { metadata: deletion }))).toEqual(['completion', 'deletion'])
  })

  test('what the workflow says counts where an artifact says nothing', () => {
    const spec = { artifactGC: { strategy: 'OnWorkflowCompletion' } }
    expect(names(workflowOf(mixed, { spec }))).toEqual(['completion', 'plain'])
  })

  test('nothing before the end, and nothing without the finalizer', () => {
    expect(artifactGcDue(workflowOf(mixed, { metadata: { labels: {} } }))).toBeUndefined()
    expect(artifactGcDue(workflowOf(mixed, { metadata: { finalizers: ['x'] } }))).toBeUndefined()
  })
})

describe('afterwards', () => {
  test('deleted artifacts say so, and the finalizer goes with the last of them', () => {
    const ended = collected(workflowOf(mixed))
    const artifacts = ended.status?.nodes?.['n']?.outputs?.artifacts
    expect(artifacts?.map(({ deleted }) => deleted)).toEqual([
      true,
      undefined,
      undefined,
      undefined,
      true,
    ])
    expect(ended.status?.artifactGCStatus).toEqual({
      strategiesProcessed: { OnWorkflowCompletion: true },
    })
    expect(ended.metadata.finalizers).toEqual(['other', artifactGcFinalizer])
    const dying = collected({ ...ended, metadata: { ...ended.metadata, ...deletion } })
    expect(dying.metadata.finalizers).toEqual(['other'])
    expect(dying.status?.conditions).toBeUndefined()
  })

  test('what cannot be deleted holds the workflow, says why, and is not tried again', () => {
    const held = collected(workflowOf(mixed, { metadata: deletion }), ['deletion', 'completion'])
    expect(held.metadata.finalizers).toContain(artifactGcFinalizer)
    expect(held.status?.conditions).toEqual([
      { type: 'ArtifactGCError', status: 'True', message: 'no completion, no deletion' },
    ])
    expect(artifactGcDue(held)).toEqual({ strategies: [], doomed: [] })
    expect(artifactGcDone(held, { strategies: [], doomed: [] }, new Map())).toEqual([])
  })

  test('by force it goes once everything has been tried', () => {
    const spec = { artifactGC: { forceFinalizerRemoval: true } }
    const tried = collected(workflowOf(mixed, { spec }), ['completion'])
    expect(tried.metadata.finalizers).toContain(artifactGcFinalizer)
    const dying = { ...tried, metadata: { ...tried.metadata, ...deletion } }
    expect(collected(dying, ['deletion']).metadata.finalizers).toEqual(['other'])
  })
})

test.each([
  [{}, [], false],
  [{}, [own('a')], false],
  [{}, [own('a', 'Never'), own('b', 'OnWorkflowDeletion')], true],
  [{ artifactGC: { strategy: 'OnWorkflowCompletion' } }, [own('a')], true],
  [{ artifactGC: { strategy: 'OnWorkflowCompletion' } }, [own('a', 'Never')], false],
  [{ artifactGC: { strategy: '' } }, [own('a', '')], false],
] as const)('with %j the outputs %j need it: %s', (spec, artifacts, needs) => {
  expect(needsArtifactGc(spec, [{}, { outputs: { artifacts } }])).toBe(needs)
})
