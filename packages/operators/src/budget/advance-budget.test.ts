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

it.each<readonly [string, Budget['spec'], readonly Pod[], number, readonly number[]]>([
  ['a minimum', { minAvailable: 1 }, [up, up], 2, [2, 1, 1]],
  ['a minimum that is met', { minAvailable: 2 }, [up, up], 2, [2, 2, 0]],
  ['what is not ready is not healthy', { minAvailable: 1 }, [up, down], 2, [1, 1, 0]],
  ['what is going neither', { minAvailable: 1 }, [up, going], 2, [1, 1, 0]],
  ['percents round up', { minAvailable: '50%' }, [up, up, up], 3, [3, 2, 1]],
  ['how many may be missing', { maxUnavailable: 1 }, [up, up], 3, [2, 2, 0]],
  ['no pods, no disruptions', { maxUnavailable: 1 }, [], 0, [0, 0, 0]],
])('%s', (_, spec, pods, wanted, want) => {
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
