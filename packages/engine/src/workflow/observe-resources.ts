import type { Container, ContainerStatus, Pod } from '../spec/pod.ts'
import { parseTime } from '../spec/time.ts'
import { milliQuantity } from './observe-quantity.ts'

// What one unit of each resource is, in thousandths; others count by the piece.
const units: Readonly<Record<string, number>> = {
  memory: 100 * 2 ** 20 * 1000,
  storage: 10 * 2 ** 30 * 1000,
  'ephemeral-storage': 10 * 2 ** 30 * 1000,
}

/** What a pod's containers asked for, times the seconds they ran. */
export function resourcesDuration({ spec, status }: Pod): Readonly<Record<string, number>> {
  const total: Record<string, number> = {}
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    const seconds = secondsOf(statuses.find(({ name }) => name === container.name))
    for (const [name, milli] of Object.entries(asked(container))) {
      total[name] = (total[name] ?? 0) + Math.trunc((milli * seconds) / (units[name] ?? 1000))
    }
  }
  return total
}

function asked({ resources }: Container): Readonly<Record<string, number>> {
  const all = { cpu: '100m', memory: '100Mi', ...resources?.limits, ...resources?.requests }
  const entries = Object.entries(all).map(([name, text]) => [name, milliQuantity(text) ?? 0])
  return Object.fromEntries(entries) as Record<string, number>
}

function secondsOf(status: ContainerStatus | undefined): number {
  const ended = status?.state?.terminated
  const startedAt = parseTime(ended?.startedAt ?? '')
  const finishedAt = parseTime(ended?.finishedAt ?? '')
  if (startedAt === undefined || finishedAt === undefined) return 0
  return Math.trunc((finishedAt - startedAt) / 1000)
}
