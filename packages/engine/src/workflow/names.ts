import type { Json } from '../spec/json.ts'
import { itemDescription } from './loops-item.ts'

/** The id of a node: the workflow's own name for the root, else the name with a hash of the node's name. */
export function nodeId(workflowName: string, nodeName: string): string {
  return nodeName === workflowName ? workflowName : `${workflowName}-${fnv1a32(nodeName)}`
}

/** The name of a node's pod (upstream's second format). */
export function podName(workflowName: string, nodeName: string, templateName?: string): string {
  if (nodeName === workflowName) return workflowName
  const prefix = templateName ? `${workflowName}-${templateName}` : workflowName
  return `${prefix.slice(0, longestPrefix)}-${fnv1a32(nodeName)}`
}

// 253 is Kubernetes' limit for names; ten digits of hash and a dash must fit behind the prefix.
const longestPrefix = 253 - 10 - 1

/** What people see: the name without the part that its boundary node explains. */
export function displayName(nodeName: string, boundaryName?: string): string {
  if (boundaryName === undefined) return nodeName
  const rest = nodeName.startsWith(boundaryName) ? nodeName.slice(boundaryName.length) : nodeName
  return rest.replace(/^(?:\[\d+\])?\./, '')
}

/** The name of one item of a loop: `step(0:desc)`. */
export function itemName(baseName: string, index: number, item: Json): string {
  return `${baseName}(${index}:${itemDescription(item).replace(/[()]/g, '')})`
}

/** The step or task that a node belongs to: no item, no attempt, no path. */
export function invocationName(nodeName: string): string {
  let end = nodeName.length
  let opener = ''
  for (; end > 0; end--) {
    const char = nodeName[end - 1]
    if (opener !== '') opener = char === opener ? '' : opener
    else if (char === ')') opener = '('
    else if (char === ']') opener = '['
    else break
  }
  const name = nodeName.slice(0, end)
  return name.slice(name.lastIndexOf('.') + 1)
}

const encoder = new TextEncoder()

/** FNV-1a, 32 bits, over UTF-8. */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code > 0x7f) return hashBytes(encoder.encode(text.slice(i)), hash)
    hash = Math.imul(hash ^ code, 0x01000193)
  }
  return hash >>> 0
}

function hashBytes(bytes: Uint8Array, start: number): number {
  let hash = start
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
