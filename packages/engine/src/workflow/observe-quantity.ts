const scales: Readonly<Record<string, number>> = {
  n: 1e-6,
  u: 1e-3,
  m: 1,
  '': 1e3,
  k: 1e6,
  M: 1e9,
  G: 1e12,
  T: 1e15,
  P: 1e18,
  E: 1e21,
  Ki: 2 ** 10 * 1e3,
  Mi: 2 ** 20 * 1e3,
  Gi: 2 ** 30 * 1e3,
  Ti: 2 ** 40 * 1e3,
  Pi: 2 ** 50 * 1e3,
  Ei: 2 ** 60 * 1e3,
}

/** A Kubernetes quantity (`100m`, `1.5Gi`, `1e3`) in thousandths, rounded up; undefined when it is none. */
export function milliQuantity(text: string | number): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(text),
  )
  const [, digits, exponent, suffix = ''] = match ?? []
  if (digits === undefined) return undefined
  const scale = exponent === undefined ? scales[suffix] : 10 ** Number(exponent) * 1e3
  // A float's noise must not become a whole thousandth.
  return scale === undefined
    ? undefined
    : Math.ceil(Number((Number(digits) * scale).toPrecision(15)))
}
