import { describe, expect, it } from 'vitest'
import { advanceRequest, type SigningRequest } from './advance-request.ts'

const start = Date.parse('2026-01-01T00:00:00Z')
const hour = 3_600_000
const yes = (type: string) => ({
  ...{ type, status: 'True' as const },
  lastUpdateTime: '2026-01-01T00:30:00Z',
})

const request = (
  status: SigningRequest['status'] = {},
  more: Partial<SigningRequest['spec']> = {},
): SigningRequest => ({
  ...{ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', status },
  metadata: { name: 'r', uid: 'u', creationTimestamp: '2026-01-01T00:00:00Z' },
  spec: {
    ...{ request: '', signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] },
    ...more,
  },
})

const approved = { conditions: [yes('Approved')] }

describe('advanceRequest', () => {
  it('one that somebody has approved is signed, once', () => {
    expect(advanceRequest(request(approved), start)).toBe('sign')
    expect(advanceRequest(request({ ...approved, certificate: 'x' }), start)).not.toBe('sign')
  })

  it.each([
    ['nobody has decided on', {}, {}],
    ['was denied', { conditions: [yes('Denied')] }, {}],
    ['is another signer\u2019s', approved, { signerName: 'example.com/own' }],
    ['has failed', { conditions: [yes('Approved'), yes('Failed')] }, {}],
  ])('one that %s is not signed', (_, status, spec) => {
    expect(advanceRequest(request(status, spec), start)).toMatchObject({ effects: [] })
  })

  it.each([
    [['client auth', 'server auth'], '"server auth" is not one of'],
    [['digital signature'], '"client auth" is required'],
  ])('one for %j fails, and says why', (usages, why) => {
    const next = advanceRequest(request(approved, { usages }), start)
    expect(next).toMatchObject({ effects: [{ do: 'status' }] })
    expect(JSON.stringify(next)).toContain(JSON.stringify(why).slice(1, -1))
  })

  it.each([
    ['undecided', {}, 24 * hour],
    ['denied', { conditions: [yes('Denied')] }, 1.5 * hour],
    ['signed', { ...approved, certificate: 'x' }, 1.5 * hour],
  ])('one that is %s goes in time, not before', (_, status, after) => {
    const due = start + after
    expect(advanceRequest(request(status), due - 1)).toEqual({ effects: [], wakeAt: due })
    expect(advanceRequest(request(status), due)).toMatchObject({ effects: [{ do: 'remove' }] })
  })

  it('one that waits for another signer stays', () => {
    const other = request(approved, { signerName: 'example.com/own' })
    expect(advanceRequest(other, start + 1000 * hour)).toEqual({ effects: [] })
  })
})
