const denominators: Readonly<Record<string, string>> = {
  memory: '100Mi',
  storage: '10Gi',
  'ephemeral-storage': '10Gi',
}

/** `5*(1 cpu),3*(100Mi memory)`. */
export function resourcesText(durations: Readonly<Record<string, number>> | undefined): string {
  return Object.entries(durations ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, count]) => `${count}*(${denominators[name] ?? '1'} ${name})`)
    .join(',')
}
