import { webcrypto } from 'node:crypto'
import type { JsonObject } from '@argosy/engine'
import { describe, expect, it } from 'vitest'
import { testApi } from '../http/api.fixture.ts'
import { algorithm, loadX509, newKeys } from '../http/certificates.ts'

const api = testApi()
const path = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const signerName = 'kubernetes.io/kube-apiserver-client'

/** A request of somebody's own key, in base64. */
async function requestOf(name: string): Promise<string> {
  const x509 = await loadX509()
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    ...{ name, keys: await newKeys(), signingAlgorithm: algorithm },
  })
  return Buffer.from(made.toString('pem')).toString('base64')
}

const body = (name: string, spec: object) => ({ metadata: { name }, spec })
const post = (name: string, spec: object, user?: string) =>
  api.ask(path, {
    ...{ method: 'POST', body: body(name, spec) },
    ...(user && { headers: { 'impersonate-user': user } }),
  })

/** A user who may do `rules`. */
async function user(name: string, rules: readonly object[]): Promise<Record<string, string>> {
  const rbac = '/apis/rbac.authorization.k8s.io/v1'
  await api.ask(`${rbac}/clusterroles`, { method: 'POST', body: { metadata: { name }, rules } })
  const roleRef = { kind: 'ClusterRole', name, apiGroup: 'rbac.authorization.k8s.io' }
  const subjects = [{ kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' }]
  const binding = { metadata: { name }, roleRef, subjects }
  await api.ask(`${rbac}/clusterrolebindings`, { method: 'POST', body: binding })
  return { 'impersonate-user': name }
}

const group = { apiGroups: ['certificates.k8s.io'] }
const requests = ['', '/approval', '/status'].map((part) => `certificatesigningrequests${part}`)
const everything = { ...group, resources: requests, verbs: ['*'] }

async function withCondition(name: string, type: string): Promise<JsonObject> {
  const { json } = await api.ask(`${path}/${name}`)
  const status = json['status'] as JsonObject
  const conditions = [...((status['conditions'] ?? []) as JsonObject[]), { type, status: 'True' }]
  return { ...json, status: { ...status, conditions } }
}

describe('requests for certificates', () => {
  it('say who asks, whatever they came with', async () => {
    const request = await requestOf('CN=jane,O=devs')
    const spec = { request, signerName, usages: ['client auth'], username: 'somebody else' }
    const headers = { 'impersonate-user': 'jane', 'impersonate-group': 'devs' }
    await user('jane', [everything])
    const { code, json } = await api.ask(path, {
      ...{ method: 'POST', body: body('jane', spec), headers },
    })
    expect([code, json['spec']]).toMatchObject([
      201,
      { request, username: 'jane', groups: expect.arrayContaining(['devs']) },
    ])
  })

  it.each([
    ['no request', { request: 'bm90aGluZw==' }, 'spec.request'],
    ['no usages', { usages: [] }, 'spec.usages'],
    ['no signer', { signerName: '' }, 'spec.signerName'],
    ['a signer that is not here', { signerName: 'kubernetes.io/kubelet-serving' }, 'Unsupported'],
    ['a signer of no domain', { signerName: 'me' }, 'fully qualified'],
    ['too short a time', { expirationSeconds: 60 }, '600 seconds'],
  ])('are refused with %s', async (_, more, why) => {
    const spec = { request: await requestOf('CN=x'), signerName, usages: ['client auth'], ...more }
    const { code, json } = await post('wrong', spec)
    expect([code, json['message']]).toEqual([422, expect.stringContaining(why)])
  })

  it('do not ask for the masters, nor for a key of others', async () => {
    const masters = { request: await requestOf('CN=x,O=system:masters'), signerName }
    const { code } = await post('masters', { ...masters, usages: ['client auth'] })
    expect(code).toBe(403)
    const x509 = await loadX509()
    const [own, other] = [await newKeys(), await newKeys()]
    const keys = { publicKey: other.publicKey, privateKey: own.privateKey }
    const forged = await x509.Pkcs10CertificateRequestGenerator.create({
      ...{ name: 'CN=x', keys, signingAlgorithm: algorithm },
    })
    const request = Buffer.from(forged.toString('pem')).toString('base64')
    const answer = await post('forged', { request, signerName, usages: ['client auth'] })
    expect([answer.code, answer.json['message']]).toEqual([
      422,
      expect.stringContaining('signature'),
    ])
  })

  it('are decided on by those who may, once, and stay as they are', async () => {
    const spec = { request: await requestOf('CN=b'), signerName, usages: ['client auth'] }
    await post('b', spec)
    const all = await user('all', [everything])
    const approver = await user('approver', [
      everything,
      { ...group, resources: ['signers'], verbs: ['approve'], resourceNames: [signerName] },
    ])
    const decide = async (type: string, headers: Record<string, string>, part = 'approval') => {
      const put = await withCondition('b', type)
      return api.ask(`${path}/b/${part}`, { method: 'PUT', headers, body: put })
    }
    const refused = await decide('Approved', all)
    expect([refused.code, refused.json['message']]).toEqual([
      403,
      expect.stringContaining('not permitted to approve'),
    ])
    expect((await decide('Approved', all, 'status')).code).toBe(403)
    const { code, json } = await decide('Approved', approver)
    expect([code, json['status']]).toMatchObject([
      200,
      { conditions: [{ type: 'Approved', status: 'True', lastUpdateTime: expect.any(String) }] },
    ])
    expect((await decide('Denied', approver)).code).toBe(422)
    const merge = 'application/merge-patch+json'
    const patched = await api.ask(`${path}/b`, {
      ...{ method: 'PATCH', type: merge, body: { spec: { signerName: 'example.com/other' } } },
    })
    expect([patched.code, patched.json['message']]).toEqual([
      422,
      expect.stringContaining('immutable'),
    ])
    const certificate = Buffer.from('forged').toString('base64')
    const signed = await api.ask(`${path}/b/status`, {
      ...{ method: 'PATCH', type: merge, headers: approver, body: { status: { certificate } } },
    })
    expect([signed.code, signed.json['message']]).toEqual([
      403,
      expect.stringContaining('not permitted to sign'),
    ])
  })

  it('are shown as kubectl shows them', async () => {
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io'
    const { json } = await api.ask(path, { headers: { accept } })
    const rows = (json['rows'] as unknown as { cells: unknown[] }[]).map(({ cells }) => cells)
    expect(rows).toContainEqual([
      'b',
      expect.any(String),
      signerName,
      expect.any(String),
      '<none>',
      'Approved',
    ])
  })
})

it('RSA keys are read as well', async () => {
  const x509 = await loadX509()
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const size = { publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }
  const keys = await webcrypto.subtle.generateKey({ ...rsa, ...size }, true, ['sign', 'verify'])
  const made = await x509.Pkcs10CertificateRequestGenerator.create({
    ...{ name: 'CN=r', keys, signingAlgorithm: rsa },
  })
  const request = Buffer.from(made.toString('pem')).toString('base64')
  expect((await post('rsa', { request, signerName, usages: ['client auth'] })).code).toBe(201)
})
