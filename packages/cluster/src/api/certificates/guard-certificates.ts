import type { JsonObject } from '@argosy/engine'
import { equalJson, resources, valueAt } from '@argosy/kube'
import type { Rbac } from '../auth/rbac.ts'
import type { Guard } from '../http/world.ts'
import { collectionOf } from '../kinds.ts'
import { flawOf } from '../parts/schema/flaw.ts'
import { forbidden, invalid } from '../refusals.ts'
import { conditionsOf, sameConditions, signerOf } from './certificate-request.ts'

const decisions = ['Approved', 'Denied'] as const

/**
 * What is asked for stays as it was asked; who decides needs `approve` on the signer, who writes a certificate needs
 * `sign`, whatever else he may write.
 */
export function guardCertificates(rbac: Rbac): Guard {
  return ({ kind, object, old, identity }) => {
    if (
      collectionOf(kind.resource) !== collectionOf(resources.certificateSigningRequests) ||
      old === undefined
    )
      return
    const name = String(valueAt(object, '/metadata/name'))
    if (!equalJson(old['spec'] ?? {}, object['spec'] ?? {}))
      throw invalid(kind.resource, name, [flawOf.forbidden('spec', 'field is immutable')])
    const need = (verb: 'approve' | 'sign') => {
      const signer = signerOf(old)
      const names = [signer, `${signer.split('/')[0]}/*`]
      const resource = {
        group: resources.certificateSigningRequests.group,
        version: 'v1',
        resource: 'signers',
      }
      const may = names.some(
        (one) => rbac.decide({ identity, verb, ...resource, name: one }).allowed,
      )
      const why = `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`
      if (!may) throw forbidden(kind.resource, name, why)
    }
    if (!sameConditions(old, object, decisions)) {
      checkDecision(old, object)
      need('approve')
    }
    const certificate = (one: JsonObject) => valueAt(one, '/status/certificate') ?? ''
    if (certificate(old) !== certificate(object) || !sameConditions(old, object, ['Failed']))
      need('sign')
  }
}

/** A decision is taken once. */
function checkDecision(old: JsonObject, object: JsonObject): void {
  const before = conditionsOf(old, decisions) as readonly JsonObject[]
  const now = conditionsOf(object, decisions) as readonly JsonObject[]
  const name = String(valueAt(object, '/metadata/name'))
  const refuse = (why: string) => {
    throw invalid(resources.certificateSigningRequests, name, [
      flawOf.forbidden('status.conditions', why),
    ])
  }
  const types = now.map(({ type }) => type)
  const gone = before.find(({ type }) => !types.includes(type))
  if (gone) refuse(`updates may not remove a condition of type ${JSON.stringify(gone['type'])}`)
  if (new Set(types).size > 1) refuse('Approved and Denied conditions are mutually exclusive')
  const wrong = now.find(({ status }) => status !== 'True')
  if (wrong)
    refuse(`the status of a condition of type ${JSON.stringify(wrong['type'])} must be "True"`)
}
