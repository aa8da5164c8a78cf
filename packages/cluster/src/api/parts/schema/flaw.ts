import type { Json } from '@argosy/engine'

/** One thing that is wrong with an object, in Kubernetes' words, as `metadata.name: Required value`: a cause of an `Invalid` refusal. */
export interface Flaw {
  readonly field: string
  readonly reason:
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueInvalid'
    | 'FieldValueNotFound'
    | 'FieldValueNotSupported'
    | 'FieldValueRequired'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid'
  readonly message: string
}

export const flawOf = {
  required: (field: string, why = ''): Flaw => ({
    field,
    reason: 'FieldValueRequired',
    message: why === '' ? 'Required value' : `Required value: ${why}`,
  }),
  invalid: (field: string, value: unknown, why: string): Flaw => ({
    field,
    reason: 'FieldValueInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  }),
  wrongType: (field: string, value: Json, why: string): Flaw => ({
    field,
    reason: 'FieldValueTypeInvalid',
    message: `Invalid value: ${JSON.stringify(value)}: ${why}`,
  }),
  forbidden: (field: string, why: string): Flaw => ({
    field,
    reason: 'FieldValueForbidden',
    message: `Forbidden: ${why}`,
  }),
  notSupported: (field: string, value: Json, supported: readonly Json[]): Flaw => ({
    field,
    reason: 'FieldValueNotSupported',
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported
      .map((one) => JSON.stringify(typeof one === 'string' ? one : JSON.stringify(one)))
      .join(', ')}`,
  }),
  notFound: (field: string, value: Json): Flaw => ({
    field,
    reason: 'FieldValueNotFound',
    message: `Not found: ${JSON.stringify(value)}`,
  }),
  duplicate: (field: string, value: Json): Flaw => ({
    field,
    reason: 'FieldValueDuplicate',
    message: `Duplicate value: ${JSON.stringify(value)}`,
  }),
  tooLong: (field: string, most: number): Flaw => ({
    field,
    reason: 'FieldValueTooLong',
    message: `Too long: may not be more than ${most} bytes`,
  }),
  tooMany: (field: string, actual: number, most: number): Flaw => ({
    field,
    reason: 'FieldValueTooMany',
    message: `Too many: ${actual}: must have at most ${most} items`,
  }),
}
