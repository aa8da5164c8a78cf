import type { JsonObject } from '@argosy/engine'
import { equalJson } from '@argosy/kube'
import { type Flaw, flawOf } from '../schema/flaw.ts'
import { objectAt, textAt } from '../table/at.ts'
import { required } from './rules.ts'

const keyRule =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

/** ConfigMaps and Secrets hold at most this many bytes. */
const most = 1024 * 1024

type ObjectCheck = (object: JsonObject, old: JsonObject | undefined) => readonly Flaw[]

export const configMapFlaws: ObjectCheck = (object, old) => {
  const [data, binary] = [objectAt(object, 'data'), objectAt(object, 'binaryData')]
  const twice = Object.keys(data).filter((key) => Object.hasOwn(binary, key))
  const size = textSize(data) + bytesSize(binary)
  return [
    ...keyFlaws('data', data),
    ...keyFlaws('binaryData', binary),
    ...twice.map((key) =>
      flawOf.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'),
    ),
    ...(size > most ? [flawOf.tooLong('[]', most)] : []),
    ...immutableFlaws(object, old, ['data', 'binaryData']),
  ]
}

const neededKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
}

const accountToken = 'kubernetes.io/service-account-token'
const accountName = 'kubernetes.io/service-account.name'

export const secretFlaws: ObjectCheck = (object, old) => {
  const data = objectAt(object, 'data')
  const type = textAt(object, 'type')
  const missing = (neededKeys[type] ?? []).filter((key) => !Object.hasOwn(data, key))
  return [
    ...keyFlaws('data', data),
    ...missing.map((key) => flawOf.required(`data[${key}]`)),
    ...jsonFlaws(neededKeys[type]?.[0] ?? '', type, data),
    ...(type === 'kubernetes.io/basic-auth' ? basicFlaws(data) : []),
    ...(type === accountToken
      ? required(
          `metadata.annotations[${accountName}]`,
          textAt(object, 'metadata', 'annotations', accountName),
        )
      : []),
    ...(bytesSize(data) > most ? [flawOf.tooLong('data', most)] : []),
    ...(old !== undefined && textAt(old, 'type') !== type
      ? [flawOf.invalid('type', type, 'field is immutable')]
      : []),
    ...immutableFlaws(object, old, ['data']),
  ]
}

/** Who logs in to a registry reads it as JSON; what is wrong with it is told without what is in it. */
function jsonFlaws(key: string, type: string, data: JsonObject): readonly Flaw[] {
  if (!type.startsWith('kubernetes.io/dockerc') || !Object.hasOwn(data, key)) return []
  try {
    JSON.parse(Buffer.from(textAt(data, key), 'base64').toString())
    return []
  } catch {
    return [flawOf.invalid(`data[${key}]`, '<secret contents redacted>', 'it is not JSON')]
  }
}

/** Either of the two is enough. */
function basicFlaws(data: JsonObject): readonly Flaw[] {
  const keys = ['username', 'password']
  if (keys.some((key) => Object.hasOwn(data, key))) return []
  return keys.map((key) => flawOf.required(`data[${key}]`))
}

function keyFlaws(path: string, data: JsonObject): readonly Flaw[] {
  const keys = Object.keys(data)
  if (keys.length === 0) return []
  return keys.flatMap((key) => [
    ...(key === '' ? [flawOf.invalid(`${path}[]`, key, keyRule)] : []),
    ...dataKeyFlaws(`${path}[${key}]`, key),
  ])
}

/** What is wrong with a key of a ConfigMap or Secret. */
export function dataKeyFlaws(path: string, key: string): readonly Flaw[] {
  if (/^[-_a-zA-Z0-9][-._a-zA-Z0-9]{0,252}$/.test(key)) return []
  const whys = [
    key.length > 253 && 'must be no more than 253 characters',
    key !== '' && !/^[-._a-zA-Z0-9]+$/.test(key) && keyRule,
    (key === '.' || key === '..') && `must not be '${key}'`,
    key.length > 2 && key.startsWith('..') && "must not start with '..'",
  ]
  return whys.filter((why) => why !== false).map((why) => flawOf.invalid(path, key, why))
}

function textSize(data: JsonObject): number {
  return sizeIn(data, 'utf8')
}

function bytesSize(data: JsonObject): number {
  return sizeIn(data, 'base64')
}

function sizeIn(data: JsonObject, encoding: BufferEncoding): number {
  let size = 0
  for (const key of Object.keys(data)) size += Buffer.byteLength(String(data[key] ?? ''), encoding)
  return size
}

/** What was made immutable stays so. */
function immutableFlaws(
  object: JsonObject,
  old: JsonObject | undefined,
  members: readonly string[],
): readonly Flaw[] {
  if (old?.['immutable'] !== true) return []
  const why = 'field is immutable when `immutable` is set'
  const changed = members.filter((name) => !equalJson(objectAt(object, name), objectAt(old, name)))
  const fields = object['immutable'] === true ? changed : ['immutable', ...changed]
  return fields.map((field) => flawOf.forbidden(field, why))
}
