/** A Go panic or error inside a function of an expression; its message is what users see. */
export class GoPanic extends Error {}

export function panic(message: string): never {
  throw new GoPanic(message)
}
