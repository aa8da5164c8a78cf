import type { KubeObject } from '@argosy/engine'
import { at, numberAt, textAt } from './at.ts'
import { columns, nameOf, type Printer, since } from './printer.ts'

/** An event of the core group; one of events.k8s.io has the same cells under other names. */
export const eventPrinter: Printer = {
  columns: columns(
    'Last Seen',
    'Type',
    'Reason',
    'Object',
    '*Subobject',
    '*Source',
    'Message',
    '*First Seen',
    '*Count',
    '*Name',
  ).map((column) => (column.name === 'Name' ? { ...column, format: 'name' } : column)),
  cells: (event, now) => {
    const { first, last, count } = occurrences(event, now)
    const about = at(event, 'involvedObject') ?? at(event, 'regarding')
    return [
      last,
      textAt(event, 'type'),
      textAt(event, 'reason'),
      [textAt(about, 'kind').toLowerCase(), textAt(about, 'name')].filter(Boolean).join('/'),
      textAt(about, 'fieldPath'),
      sourceOf(event),
      (textAt(event, 'message') || textAt(event, 'note')).trim(),
      first,
      count,
      nameOf(event),
    ]
  },
}

function occurrences(event: KubeObject, now: number) {
  const either = (member: string, other: string) => at(event, member) ?? at(event, other)
  const first = since(
    now,
    either('firstTimestamp', 'deprecatedFirstTimestamp') ?? at(event, 'eventTime'),
  )
  const series = at(event, 'series')
  if (series !== undefined) {
    const last = since(now, at(series, 'lastObservedTime'))
    return { first, last, count: numberAt(series, 'count') }
  }
  const seen = either('lastTimestamp', 'deprecatedLastTimestamp')
  const count = numberAt(event, 'count') || numberAt(event, 'deprecatedCount') || 1
  return { first, last: seen === undefined ? first : since(now, seen), count }
}

function sourceOf(event: KubeObject): string {
  const source = at(event, 'source') ?? at(event, 'deprecatedSource')
  const component =
    textAt(source, 'component') ||
    textAt(event, 'reportingComponent') ||
    textAt(event, 'reportingController')
  const host = textAt(source, 'host') || textAt(event, 'reportingInstance')
  return host === '' ? component : `${component}, ${host}`
}
