import { isObject } from '../../spec/json.ts'
import type { Finding } from './finding.ts'

/** Kubernetes lets a whole pod ask for cpu, memory and huge pages only. */
export function podResourceFindings(resources: unknown, inside: string, title: string): Finding[] {
  if (!isObject(resources)) return []
  const findings: Finding[] = []
  if (Array.isArray(resources['claims']) && resources['claims'].length > 0) {
    const text = `${title}.claims is not supported for pod-level resources`
    findings.push([`${inside}.claims`, text])
  }
  for (const list of ['limits', 'requests']) {
    for (const name of Object.keys(resources[list] ?? {})) {
      if (name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')) continue
      const rule =
        'is not a valid pod-level resource, only cpu, memory and hugepages-* are supported'
      findings.push([`${inside}.${list}`, `${title}: "${name}" ${rule}`])
    }
  }
  return findings
}
