const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** Ten characters that a name may hold, the same for the same JSON whatever the order of its members. */
export function shortHash(value: unknown): string {
  const text = canonical(value)
  return `${digits(fnv(text, 0x811c9dc5))}${digits(fnv(text, 0x01000193))}`
}

function digits(hash: number): string {
  let rest = hash
  let text = ''
  for (let i = 0; i < 5; i++) {
    text += letters[rest % letters.length]
    rest = Math.floor(rest / letters.length)
  }
  return text
}

function fnv(text: string, seed: number): number {
  let hash = seed
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0
  }
  return (hash ^ (hash >>> 15)) >>> 0
}

function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`)
  return `{${members.join()}}`
}
