import type { Pod } from '@argosy/engine'
import { expect, it } from 'vitest'
import { advanceBudget, type Budget } from './advance-budget.ts'

const pod = (isReady: boolean, more: object = {}) =>
  ({
    metadata: more,
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
    },
  }) as unknown as Pod

const up = pod(true)
const down = pod(false)
const going = pod(true, { deletionTimestamp: '2026-01-01T00:00:00Z' })

it.each([
  { it: 'a minimum', spec: { minAvailable: 1 }, pods: [up, up], wanted: 2, want: [2, 1, 1] },
  {
    it: 'a minimum that is met',
    spec: { minAvailable: 2 },
    pods: [up, up],
    wanted: 2,
    want: [2, 2, 0],
  },
  {
    it: 'what is not ready is not healthy',
    spec: { minAvailable: 1 },
    pods: [up, down],
    wanted: 2,
    want: [1, 1, 0],
  },
  {
    it: 'what is going neither',
    spec: { minAvailable: 1 },
    pods: [up, going],
    wanted: 2,
    want: [1, 1, 0],
  },
  {
    it: 'percents round up',
    spec: { minAvailable: '50%' },
    pods: [up, up, up],
    wanted: 3,
    want: [3, 2, 1],
  },
  {
    it: 'how many may be missing',
    spec: { maxUnavailable: 1 },
    pods: [up, up],
    wanted: 3,
    want: [2, 2, 0],
  },
  {
    it: 'no pods, no disruptions',
    spec: { maxUnavailable: 1 },
    pods: [],
    wanted: 0,
    want: [0, 0, 0],
  },
])('$it', ({ spec, pods, wanted, want }) => {
  const budget: Budget = {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'b' },
    spec,
  }
  const [effect] = advanceBudget(budget, { pods, wanted }, 0).effects
  const { currentHealthy, desiredHealthy, disruptionsAllowed } =
    (effect?.do === 'status' ? (effect.body['status'] as Record<string, unknown>) : undefined) ?? {}
  expect([currentHealthy, desiredHealthy, disruptionsAllowed]).toEqual(want)
})
