import {
  compileRegexp,
  type GoRegexp,
  isObject,
  type Json,
  type JsonObject,
  matches,
  parseDuration,
} from '@argosy/engine'

/** A value within a Secret of the server's namespace. */
export interface SecretKey {
  readonly name: string
  readonly key: string
}

/** `sso` of the controller's ConfigMap. */
export interface SsoSettings {
  readonly issuer: string
  readonly issuerAlias: string
  readonly clientId: SecretKey
  readonly clientSecret: SecretKey
  /** '': by the name under which the server was asked. */
  readonly redirectUrl: string
  readonly scopes: readonly string[]
  /** Without it everybody who logs in acts as the server itself. */
  readonly rbac: boolean
  readonly sessionMs: number
  readonly groupsClaim: string
  readonly userInfoPath: string
  readonly insecureSkipVerify: boolean
  readonly rootCa: string
  readonly isGroupWanted: (group: string) => boolean
}

const known = [
  ...['issuer', 'issuerAlias', 'clientId', 'clientSecret', 'redirectUrl', 'scopes', 'rbac'],
  ...['sessionExpiry', 'customGroupClaimName', 'userInfoPath', 'insecureSkipVerify'],
  ...['filterGroupsRegex', 'rootCA'],
]

/** Throws an Error that names the field. */
export function ssoSettings(controller: JsonObject): SsoSettings {
  const sso = controller['sso']
  if (!isObject(sso)) throw new Error('there is no sso in workflow-controller-configmap')
  const odd = Object.keys(sso).find((name) => !known.includes(name))
  if (odd !== undefined) throw new Error(`sso.${odd}: there is no such field`)
  const { rbac } = sso
  return {
    issuer: needed(text(sso, 'issuer'), 'issuer'),
    issuerAlias: text(sso, 'issuerAlias'),
    clientId: secretKey(sso, 'clientId'),
    clientSecret: secretKey(sso, 'clientSecret'),
    redirectUrl: text(sso, 'redirectUrl'),
    scopes: texts(sso, 'scopes'),
    rbac: isObject(rbac) && rbac['enabled'] === true,
    sessionMs: sessionMs(sso['sessionExpiry']),
    groupsClaim: text(sso, 'customGroupClaimName') || 'groups',
    userInfoPath: text(sso, 'userInfoPath'),
    insecureSkipVerify: sso['insecureSkipVerify'] === true,
    rootCa: text(sso, 'rootCA'),
    isGroupWanted: wantedBy(texts(sso, 'filterGroupsRegex')),
  }
}

function needed(value: string, name: string): string {
  if (value === '') throw new Error(`sso.${name}: it is needed`)
  return value
}

function text(from: JsonObject, name: string): string {
  const value = from[name] ?? ''
  if (typeof value === 'string') return value
  throw new Error(`sso.${name}: expected a text`)
}

function texts(from: JsonObject, name: string): readonly string[] {
  const value = from[name] ?? []
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value
  throw new Error(`sso.${name}: expected a list of texts`)
}

function secretKey(sso: JsonObject, field: string): SecretKey {
  const value = sso[field]
  const own = isObject(value) ? value : {}
  const { name, key } = own
  if (typeof name === 'string' && typeof key === 'string' && name !== '' && key !== '') {
    return { name, key }
  }
  throw new Error(`sso.${field}: expected name and key of a secret`)
}

const tenHours = 10 * 3_600_000

function sessionMs(given: Json | undefined): number {
  if (given === undefined || given === '') return tenHours
  const parsed = parseDuration(String(given))
  if ('ms' in parsed) return parsed.ms > 0 ? parsed.ms : tenHours
  throw new Error(`sso.sessionExpiry: ${parsed.error}`)
}

function wantedBy(sources: readonly string[]): SsoSettings['isGroupWanted'] {
  const patterns: GoRegexp[] = sources.map((source) => {
    const compiled = compileRegexp(source)
    if ('error' in compiled) throw new Error(`sso.filterGroupsRegex: ${compiled.error}`)
    return compiled
  })
  return (group) => patterns.length === 0 || patterns.some((pattern) => matches(pattern, group))
}
