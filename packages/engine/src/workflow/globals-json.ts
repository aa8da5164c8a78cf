import { goJson } from '../expr/tags-go-json.ts'
import type { KeySelector } from '../spec/pod.ts'
import type { Parameter, ValueFrom } from '../spec/workflow.ts'

// The members of upstream's types in their order: it decides the JSON text that templates see.
const parameterMembers = [
  'name',
  'default',
  'value',
  'valueFrom',
  'globalName',
  'enum',
  'description',
] as const satisfies readonly (keyof Parameter)[]

const sourceMembers = [
  'path',
  'jsonPath',
  'jqFilter',
  'event',
  'parameter',
  'supplied',
  'configMapKeyRef',
  'default',
  'expression',
] as const satisfies readonly (keyof ValueFrom)[]

/** Parameters as upstream writes them into `{{workflow.parameters}}` and `{{inputs.parameters}}`. */
export function parametersJson(parameters: readonly Parameter[] | undefined): string {
  return parameters === undefined ? 'null' : `[${parameters.map(parameterJson).join(',')}]`
}

function parameterJson(parameter: Parameter): string {
  return objectJson(parameterMembers, (member) => {
    const value = parameter[member]
    if (value === undefined) return undefined
    return member === 'valueFrom' ? sourceJson(value as ValueFrom) : goJson(value)
  })
}

function sourceJson(source: ValueFrom): string {
  return objectJson(sourceMembers, (member) => {
    const value = source[member]
    if (value === undefined) return undefined
    return member === 'configMapKeyRef' ? selectorJson(value as KeySelector) : goJson(value)
  })
}

function selectorJson(selector: KeySelector): string {
  return objectJson(['name', 'key', 'optional'] as const, (member) =>
    selector[member] === undefined ? undefined : goJson(selector[member]),
  )
}

function objectJson<K extends string>(
  members: readonly K[],
  json: (member: K) => string | undefined,
): string {
  const texts = members.flatMap((member) => {
    const text = json(member)
    return text === undefined ? [] : [`"${member}":${text}`]
  })
  return `{${texts.join(',')}}`
}
