const suffixes = {
  '': 1,
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
} as const

/** Kubernetes' quantity (`100m`, `1.5Gi`, `1e3`) as a number of whole units; undefined when it is none. */
export function parseQuantity(text: string | number): number | undefined {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:e([+-]?\d+)|([numkMGTPE]i?)?)$/i.exec(String(text))
  const [, digits, exponent, suffix = ''] = match ?? []
  if (digits === undefined) return undefined
  if (exponent !== undefined) return Number(digits) * 10 ** Number(exponent)
  return isSuffix(suffix) ? Number(digits) * suffixes[suffix] : undefined
}

function isSuffix(text: string): text is keyof typeof suffixes {
  return Object.hasOwn(suffixes, text)
}
