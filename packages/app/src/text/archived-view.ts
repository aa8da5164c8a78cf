import type { Workflow } from '@argosy/engine'
import { longDuration, timestamp } from './humanize.ts'

/** `argosy archive get`. argo: archive.printWorkflow. */
export function archivedView({ metadata, spec, status = {} }: Workflow, now: number): string {
  const { startedAt, finishedAt, phase = '', message } = status
  const at = (text: string | undefined) => text && timestamp(text, now)
  const account = spec.serviceAccountName
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['Name:', metadata.name],
    ['Namespace:', metadata.namespace],
    ['ServiceAccount:', account || 'unset (will run with the default ServiceAccount)'],
    ['Status:', phase],
    ['Message:', message || undefined],
    ['Created:', at(metadata.creationTimestamp)],
    ['Started:', at(startedAt)],
    ['Finished:', at(finishedAt)],
    ['Duration:', startedAt && finishedAt && lasted(startedAt, finishedAt)],
  ]
  return lines
    .filter(([, text]) => text !== undefined && text !== '')
    .map(([title, text]) => `${title.padEnd(20)} ${text}\n`)
    .join('')
}

function lasted(from: string, to: string): string {
  return longDuration(Date.parse(to) - Date.parse(from))
}
