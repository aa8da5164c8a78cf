import { substitute } from '../expr/tags.ts'
import { parseJson } from '../expr/tags-go-json.ts'
import { isObject } from '../spec/json.ts'
import type { PodSpec } from '../spec/pod.ts'
import { strategicMerge } from './effective-spec-merge.ts'
import type { PodInput } from './pod-for-input.ts'

/** The pod's spec with the podSpecPatch of the workflow and then of the template merged over it. */
export function patched(
  spec: PodSpec,
  input: PodInput,
): { readonly spec: PodSpec } | { readonly problem: string } {
  let merged = spec
  for (const text of [input.spec.podSpecPatch, input.template.podSpecPatch]) {
    if (!text) continue
    const { value, problem } = substitute(text, scopeOf(input))
    if (problem !== undefined) return { problem }
    const patch = input.parsePatch?.(value) ?? parseJson(value)
    if (!isObject(patch)) return { problem: `Error applying PodSpecPatch: "${value}" is no object` }
    merged = strategicMerge(merged, patch as unknown as PodSpec)
  }
  return { spec: merged }
}

function scopeOf({ globals, podName }: PodInput) {
  const scope = globals.child()
  scope.set('pod.name', podName)
  return scope
}
