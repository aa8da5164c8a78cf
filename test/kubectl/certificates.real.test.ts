import { webcrypto } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  algorithm,
  loadX509,
  newKeys,
  pem,
} from '../../packages/cluster/src/api/http/certificates.ts'
import { Cluster, manifest } from './cluster.ts'

let cluster: Cluster
beforeAll(async () => {
  cluster = await Cluster.open()
})
afterAll(() => cluster[Symbol.asyncDispose]())

/** Asks for a certificate for a key of one's own; gives the key. */
async function asked(name: string, keys: webcrypto.CryptoKeyPair, more: object = {}) {
  const x509 = await loadX509()
  const signingAlgorithm = keys.privateKey.algorithm.name === 'ECDSA' ? algorithm : rsa
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    ...{ name: `CN=${name},O=devs`, keys, signingAlgorithm },
  })
  await cluster.says(
    'create -f -',
    manifest({
      ...{ apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest' },
      metadata: { name },
      spec: {
        request: Buffer.from(request.toString('pem')).toString('base64'),
        signerName: 'kubernetes.io/kube-apiserver-client',
        usages: ['client auth'],
        ...more,
      },
    }),
  )
  return cluster.place.file(`${name}.key`, await pem(keys.privateKey))
}

const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }

async function issued(name: string): Promise<string> {
  await cluster.says(`wait csr/${name} --for=jsonpath={.status.certificate} --timeout=30s`)
  const text = await cluster.says(`get csr ${name} -o jsonpath={.status.certificate}`)
  return cluster.place.file(`${name}.crt`, Buffer.from(text, 'base64').toString('utf8'))
}

it('whoever is approved gets a certificate, and is known by it', async () => {
  const key = await asked('jane', await newKeys(), { expirationSeconds: 3600 })
  expect(await cluster.says('get csr jane')).toMatch(
    /jane +\d+s +kubernetes.io\/kube-apiserver-client +\S+ +60m +Pending$/m,
  )
  expect(await cluster.says('certificate approve jane')).toBe(
    'certificatesigningrequest.certificates.k8s.io/jane approved',
  )
  const certificate = await issued('jane')
  expect(await cluster.says('get csr jane')).toMatch(/ Approved,Issued$/m)
  expect(await cluster.says('describe csr jane')).toMatch(/Approved,Issued[\s\S]*jane/)
  const as = `--kubeconfig=/dev/null --server=${await server()} --certificate-authority=${await authority()}`
  const jane = `${as} --client-certificate=${certificate} --client-key=${key}`
  expect(await cluster.says(`${jane} auth whoami`)).toMatch(
    /Username +jane\nGroups +\[devs system:authenticated\]/,
  )
  expect(await cluster.refuses(`${jane} get pods`)).toContain('User "jane" cannot list')
})

it('one with an RSA key is signed too', async () => {
  const size = { publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 }
  const keys = await webcrypto.subtle.generateKey({ ...rsa, ...size }, true, ['sign', 'verify'])
  await asked('robot', keys)
  await cluster.says('certificate approve robot')
  await issued('robot')
})

it('whoever is denied gets none', async () => {
  await asked('joe', await newKeys())
  expect(await cluster.says('certificate deny joe')).toContain('joe denied')
  expect(await cluster.says('get csr joe')).toMatch(/ Denied$/m)
  expect(await cluster.says('get csr joe -o jsonpath={.status.certificate}')).toBe('')
})

const server = () =>
  cluster.says(['config', 'view', '-o', 'jsonpath={.clusters[0].cluster.server}'])

async function authority(): Promise<string> {
  const path = '{.clusters[0].cluster.certificate-authority-data}'
  const text = await cluster.says(['config', 'view', '--raw', '-o', `jsonpath=${path}`])
  return cluster.place.file('ca.crt', Buffer.from(text, 'base64').toString('utf8'))
}
