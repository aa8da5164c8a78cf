import { makerLabels } from '../../graph/flow-bindings.ts'

/** Where all runs are that the trigger or binding of an id has made. */
export function runsPath(maker: string): string {
  const [genre = '', place = ''] = maker.split(':')
  const [namespace = '', name = '', trigger = ''] = place.split('/')
  const labels =
    genre === 'binding'
      ? [`${makerLabels.binding}=${name}`]
      : [`${makerLabels.sensor}=${name}`, `${makerLabels.trigger}=${trigger}`]
  const search = labels.map((label) => `label=${encodeURIComponent(label)}`).join('&')
  return `workflows/${encodeURIComponent(namespace)}?${search}`
}
