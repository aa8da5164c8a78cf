import { isObject, type JsonObject, type KubeObject } from '@argosy/engine'
import { clientSigner, resources } from '@argosy/kube'
import type { Identity } from '../http/identity.ts'
import type { Admit } from '../http/world.ts'
import { collectionOf, type Kind } from '../kinds.ts'
import { type Flaw, flawOf } from '../parts/schema/flaw.ts'
import { forbidden, invalid } from '../refusals.ts'
import { signerOf } from './certificate-request.ts'
import { readRequest } from './sign-request.ts'

/** Says in a new request who asks, and refuses what nobody could sign. */
export const admitCertificates: Admit = async (kind, object, { identity }) => {
  if (collectionOf(kind.resource) !== collectionOf(resources.certificateSigningRequests))
    return object
  const { spec: given } = object as unknown as JsonObject
  const spec = { ...(isObject(given) && given), ...asker(identity) } as JsonObject
  await check(kind, object.metadata.name ?? '', spec)
  return { ...object, spec } as KubeObject
}

function asker({ user, groups, uid, extra }: Identity) {
  return { username: user, groups, ...(uid && { uid }), ...(extra && { extra }) }
}

async function check(kind: Kind, name: string, spec: JsonObject): Promise<void> {
  const signer = signerOf({ spec })
  const text = Buffer.from(String(spec['request'] ?? ''), 'base64').toString('utf8')
  const read = await readRequest(text)
  const flaws: readonly Flaw[] = [
    ...('error' in read ? [flawOf.invalid('spec.request', spec['request'] ?? '', read.error)] : []),
    ...signerFlaws(signer),
    ...(isList(spec['usages']) ? [] : [flawOf.required('spec.usages', 'usages are required')]),
    ...durationFlaws(spec['expirationSeconds']),
  ]
  if (flaws.length > 0) throw invalid(kind.resource, name, flaws)
  // As Kubernetes' CertificateSubjectRestriction: these masters are beyond all rights.
  if (signer === clientSigner && 'groups' in read && read.groups.includes('system:masters')) {
    const why = `use of ${clientSigner} signer with system:masters group is not allowed`
    throw forbidden(kind.resource, name, why)
  }
}

function signerFlaws(signer: string): readonly Flaw[] {
  if (signer === '') return [flawOf.required('spec.signerName')]
  if (!/^[^/]+\.[^/]+\/.+$/.test(signer))
    return [
      flawOf.invalid(
        'spec.signerName',
        signer,
        'must be a fully qualified domain and path of the form "example.com/signer-name"',
      ),
    ]
  if (signer.startsWith('kubernetes.io/') && signer !== clientSigner)
    return [flawOf.notSupported('spec.signerName', signer, [clientSigner])]
  return []
}

function isList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0
}

function durationFlaws(seconds: unknown): readonly Flaw[] {
  const path = 'spec.expirationSeconds'
  if (seconds === undefined || seconds === null) return []
  if (typeof seconds === 'number' && seconds >= 600) return []
  return [
    flawOf.invalid(path, seconds, 'may not specify a duration less than 600 seconds (10 minutes)'),
  ]
}
