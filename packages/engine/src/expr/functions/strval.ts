import { sprint } from '../go-format.ts'

/** What sprig writes where it wants text: bytes are text already. */
export function strval(value: unknown): string {
  return value instanceof Uint8Array ? new TextDecoder().decode(value) : sprint(value)
}
