import { isObject } from '../spec/json.ts'
import type { Inputs, Parameter } from '../spec/workflow.ts'

/**
 * The inputs of a node that waits: a value that is a parameter itself, written in JSON, brings the choices that people
 * are given. argo: resolveInputFieldsForSuspendNode.
 */
export function withChoices(inputs: Inputs | undefined): Inputs | undefined {
  if (inputs?.parameters === undefined) return inputs
  return { ...inputs, parameters: inputs.parameters.map(choosable) }
}

function choosable(parameter: Parameter): Parameter {
  const choices = choicesIn(parameter.value)
  if (choices === undefined) return parameter
  const [first = ''] = choices
  return { ...parameter, enum: choices, default: parameter.default ?? first }
}

function choicesIn(text: string | undefined): readonly string[] | undefined {
  if (text === undefined || !text.trimStart().startsWith('{')) return undefined
  const read = parsed(text)
  const choices = isObject(read) ? read['enum'] : undefined
  if (!Array.isArray(choices) || choices.length === 0) return undefined
  return choices.map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice)))
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // It is a text like any other.
    return undefined
  }
}
