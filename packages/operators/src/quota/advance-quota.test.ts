import type { Pod } from '@argosy/engine'
import { expect, it } from 'vitest'
import { advanceQuota, type Claim, type Quota } from './advance-quota.ts'

const pod = (requests: object, phase = 'Running') =>
  ({
    spec: { containers: [{ name: 'c', resources: { requests } }] },
    status: { phase },
  }) as unknown as Pod
const claim = { spec: { resources: { requests: { storage: '1Gi' } } } } as unknown as Claim

it('counts what is there, in its own units', () => {
  const hard = {
    pods: '4',
    'requests.cpu': '2',
    memory: '1Gi',
    'requests.storage': '5Gi',
    secrets: 9,
    'count/jobs.batch': '3',
  }
  const holdings = {
    pods: [pod({ cpu: '250m', memory: '64Mi' }), pod({ cpu: '1' }), pod({ cpu: '7' }, 'Succeeded')],
    claims: [claim, claim],
    counts: { secrets: 2, 'jobs.batch': 1 },
  }
  const [effect] = advanceQuota(quota({ hard }), holdings).effects
  expect(effect?.do === 'status' && effect.body['status']).toEqual({
    hard,
    used: {
      pods: '2',
      'requests.cpu': '1250m',
      memory: '64Mi',
      'requests.storage': '2Gi',
      secrets: '2',
      'count/jobs.batch': '1',
    },
  })
})

it('says what it does not count', () => {
  const holdings = { pods: [], claims: [], counts: {} }
  const { effects } = advanceQuota(quota({ hard: { 'count/things.example.com': '1' } }), holdings)
  expect(effects[1]).toMatchObject({ do: 'event', reason: 'NotSupported' })
})

function quota(spec: Quota['spec']): Quota {
  return { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q' }, spec }
}
