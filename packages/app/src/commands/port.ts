import { InvalidArgumentError } from 'commander'

/** The argument of a flag that is a port. */
export function port(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) < 65536) return Number(text)
  throw new InvalidArgumentError('expected a port, 0 to 65535')
}
