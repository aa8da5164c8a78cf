/** A number, or so many percent of `total`, rounded by `round`. */
export function scaled(
  value: number | string | undefined,
  total: number,
  round: (value: number) => number,
): number | undefined {
  if (typeof value === 'number') return value
  const percent = /^(\d+)%$/.exec(value ?? '')?.[1]
  return percent === undefined ? undefined : round((Number(percent) * total) / 100)
}
