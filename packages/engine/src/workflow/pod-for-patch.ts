import { substitute } from '../expr/tags.ts'
import { parseJson } from '../expr/tags-go-json.ts'
import { isObject, type Json, type JsonObject } from '../spec/json.ts'
import { fit } from '../spec/parse/shape.ts'
import type { PodSpec } from '../spec/pod.ts'
import type { Problem } from '../spec/problem.ts'
import { strategicMerge } from '../spec/strategic-merge.ts'
import { podSpecMergeRules } from '../spec/strategic-merge-pod.table.ts'
import type { PodInput } from './pod-for-input.ts'

type Patched = { readonly spec: PodSpec } | { readonly problem: string }

/** The pod's spec with the podSpecPatch of the workflow and then of the template merged over it. */
export function patched(spec: PodSpec, input: PodInput): Patched {
  let merged = spec
  for (const text of [input.spec.podSpecPatch, input.template.podSpecPatch]) {
    if (!text) continue
    const { value, problem } = substitute(text, scopeOf(input))
    if (problem !== undefined) {
      return { problem: `Failed to substitute the PodSpecPatch variables: ${problem}` }
    }
    const next = applied(merged, value, input)
    if ('problem' in next) return { problem: `Error applying PodSpecPatch: ${next.problem}` }
    merged = next.spec
  }
  return { spec: merged }
}

function applied(spec: PodSpec, text: string, { parseYaml }: PodInput): Patched {
  const json = parseJson(text)
  const read = json === undefined && parseYaml ? parseYaml(text) : { value: json ?? null }
  if ('problem' in read) {
    return { problem: `Failed to convert the PodSpecPatch yaml to json: ${read.problem}` }
  }
  const wrong = mistakeIn(read.value)
  if (wrong !== undefined || !isObject(read.value)) {
    return { problem: `invalid podSpecPatch ${JSON.stringify(text)}: ${wrong}` }
  }
  // The cast: a pod's spec is JSON, and the patch fits one.
  const result = strategicMerge(spec as unknown as JsonObject, read.value, podSpecMergeRules)
  if ('problem' in result) {
    return { problem: `Error occurred during strategic merge patch: ${result.problem}` }
  }
  return { spec: result.value as unknown as PodSpec }
}

/** A patch must look like a pod's spec; its directives (`$patch` and the like) may stand anywhere in it. */
function mistakeIn(patch: Json): string | undefined {
  if (!isObject(patch)) return 'it is no object'
  const problems: Problem[] = []
  fit(patch, 'PodSpec', '', problems)
  const wrong = problems.find(({ path }) => !/(^|\.)\$[^.]*$|^\$/.test(path))
  return wrong && `${wrong.path}: ${wrong.message}`
}

/** argo: processPodSpecPatch. A patch of the workflow sees the inputs of each of its templates. */
function scopeOf({ globals, podName, template }: PodInput) {
  const scope = globals.child()
  for (const { name, value } of template.inputs?.parameters ?? []) {
    scope.set(`inputs.parameters.${name}`, value ?? '')
  }
  scope.set('pod.name', podName)
  return scope
}
